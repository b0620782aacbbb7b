/**
 * The seam between the window and Rust: everything the UI can ask for, and the two events it hears.
 * Two things implement it: `tauri.ts` (the app) and `fake.ts` (unit and page tests).
 * Absent on purpose: files, network, browser. The window has no other way out.
 */
import type * as T from "./types";
import type { ErrorCode } from "./error_codes";

export type * from "./types";
export type { ErrorCode } from "./error_codes";

/** What a command answers when it does not do what was asked. Nothing is recognised by its text. */
export interface CommandError {
  code: ErrorCode;
  message: string;
  hint: string;
  reference: string;
}

export type Stop = () => void;

export interface Backend extends T.LinkingBackend, T.BridgeBackend {
  appState(): Promise<T.AppStateView>;
  profileTrySandbox(): Promise<T.ProfileView>;
  profileUse(name: string): Promise<T.ProfileView>;
  settingsSave(change: T.SettingsChange): Promise<T.ProfileView | null>;
  merchantsSearch(request: T.SearchRequest): Promise<T.SearchView>;
  /** The first rows of what the query most likely becomes with its next letter. */
  merchantsAhead(request: T.AheadRequest): Promise<T.Foreseen[]>;
  merchantDetail(id: string): Promise<T.MerchantDetail>;
  merchantPin(id: string, pinned: boolean): Promise<unknown>;
  merchantRefresh(id: string): Promise<T.MerchantRow>;
  merchantsImport(): Promise<T.ImportView | null>;
  portalWarm(): Promise<unknown>;
  portalOpen(request: T.OpenRequest): Promise<T.OpenView>;
  portalCopyLink(request: T.OpenRequest): Promise<T.OpenView>;
  sessionsList(): Promise<T.SessionView[]>;
  sessionRevoke(id: string): Promise<T.SessionView>;
  sessionsRevokeAll(): Promise<T.RevokedAll>;
  sessionReopen(id: string): Promise<T.OpenView>;
  plansList(): Promise<T.PlanItem[]>;
  /** How far the plans are that this window carries out. */
  plansRunning(): Promise<T.RunView[]>;
  planShow(plan: string): Promise<T.PlanView>;
  planRows(request: T.PlanRowsRequest): Promise<T.PlanRowsWindow>;
  /** Rust shows the file dialog; a table, a plan or an approval, or null when none was chosen. */
  planOpen(): Promise<T.PlanTaken | null>;
  planPaste(text: string): Promise<T.PlanTaken>;
  planRevocations(request: { grants: string[]; reason: string | null }): Promise<T.PlanTaken>;
  planSave(request: T.PlanFileRequest): Promise<string | null>;
  planCopy(request: T.PlanFileRequest): Promise<unknown>;
  planApprove(plan: string): Promise<unknown>;
  /** Answers once it is under way. */
  planApply(request: T.PlanApplyRequest): Promise<unknown>;
  planHold(request: { plan: string; cancel: boolean }): Promise<unknown>;
  accessDeclare(): Promise<T.DeclaredView | null>;
  accessPage(request: T.AccessRequest): Promise<T.AccessWindow<T.GrantView>>;
  accessPersons(request: T.AccessRequest): Promise<T.AccessWindow<T.AccessPersonRow>>;
  accessMerchants(request: T.AccessRequest): Promise<T.AccessWindow<T.AccessMerchantRow>>;
  accessPerson(email: string): Promise<T.AccessPersonView>;
  accessMerchant(id: string): Promise<T.AccessMerchantView>;
  accessTimeline(request: T.TimelineRequest): Promise<T.AccessTimeline>;
  /** Reads a pasted list; the view `leavers` shows what the people of the last list have. */
  accessLeavers(text: string): Promise<T.LeaversView>;
  /** Rust shows the file dialog and reads the file; null when none was chosen. */
  accessLeaversOpen(): Promise<T.LeaversView | null>;
  accessForesee(wish: T.GrantWish): Promise<T.ForeseenGrant>;
  accessForeseeRevoke(wish: T.RevokeWish): Promise<T.GrantView[]>;
  /** Answers at once; the call is made when the hold is over, unless it is taken back. */
  accessGrant(wish: T.GrantWish): Promise<T.HeldView>;
  accessRevoke(wish: T.RevokeWish): Promise<T.HeldView>;
  accessUndo(id: string): Promise<T.HeldView>;
  accessHeld(): Promise<T.HeldView[]>;
  reviewsList(): Promise<T.ReviewsView>;
  reviewStart(wish: T.ReviewWish): Promise<T.ReviewView>;
  reviewLines(request: T.ReviewLinesRequest): Promise<T.ReviewWindow>;
  /** Durable when it answers; null takes the own decision back. */
  reviewDecide(wish: T.DecisionWish): Promise<T.ReviewProgress>;
  /** Rust shows the file dialogs; null when nothing was chosen. */
  reviewExportTask(id: string): Promise<string | null>;
  reviewImport(): Promise<T.ReviewView | null>;
  reviewHandIn(id: string): Promise<string | null>;
  reviewSignOff(wish: T.SignOffWish): Promise<T.ReviewView>;
  reviewPlan(id: string): Promise<T.ReviewView>;
  reviewConclude(id: string, asItStands: boolean): Promise<T.ReviewView>;
  reviewExport(id: string): Promise<string | null>;
  tokensPage(request: T.TokensRequest): Promise<T.TokensPage>;
  tokensCounts(): Promise<T.TokenCounts>;
  /** How many of a merchant's are kept. */
  tokensCountOf(id: string): Promise<number>;
  tokenShow(id: string): Promise<T.TokenRow>;
  tokenStory(id: string): Promise<T.TokenEvent[]>;
  /** Asks Klarna where it stands; the answer is kept. */
  tokenCheck(id: string): Promise<T.TokenChecked>;
  /** Rust puts it onto the clipboard and clears that after 60 seconds. It never comes here. */
  tokenCopy(id: string, reason: string | null): Promise<T.TokenCopied>;
  /** What will not work any more, in sentences; nothing is recorded or sent. */
  tokenForeseeRevoke(id: string): Promise<string[]>;
  tokenRevoke(wish: T.TokenRevokeWish): Promise<T.TokenRevoked>;
  /** Asks Klarna for a token; nearly always the customer has to agree first. */
  tokenCreate(wish: T.TokenCreateWish): Promise<T.ConsentView>;
  /** A decline is an answer, and no error. */
  tokenCharge(wish: T.TokenChargeWish): Promise<T.TokenCharged>;
  tokenConsents(): Promise<T.ConsentView[]>;
  tokenConsentLook(id: string): Promise<T.ConsentView>;
  /** Rust hands the customer's page to the browser; whether the browser came for it, within a minute. */
  tokenConsentOpen(id: string): Promise<boolean>;
  tokenConsentCancel(id: string): Promise<T.ConsentView>;
  tokenConsentFinalise(id: string): Promise<T.TokenCharged>;
  /** Rust shows the file dialog and keeps the table for what is to be done with it; null when none was chosen. */
  tokenTableOpen(): Promise<T.TokenTableView | null>;
  /** Takes the file that was dropped on the window last. */
  tokenTableDropped(): Promise<T.TokenTableView>;
  secretTokenTable(text: string): Promise<T.TokenTableView>;
  /** Answers once it is under way; how far it is, `tokensReconcileLook` says. */
  tokensReconcile(request: T.CompareRequest): Promise<unknown>;
  tokensReconcileLook(): Promise<T.ComparisonView>;
  tokensReconcileHold(word: T.HandWord): Promise<unknown>;
  tokensReconcileRows(request: T.DifferencesRequest): Promise<T.DifferencesPage>;
  tokensReconcileSave(kind: T.DifferenceKind | null): Promise<string | null>;
  tokensReconcileForget(): Promise<unknown>;
  /** Looks the table over as an import would; answers once it is under way, as the import does. */
  tokensImportPlan(): Promise<unknown>;
  tokensImport(): Promise<unknown>;
  tokensImportLook(): Promise<T.TokenImportView>;
  tokensImportRows(request: T.PlannedRowsRequest): Promise<T.PlannedRowsPage>;
  tokensImportHold(word: T.HandWord): Promise<unknown>;
  tokensImportForget(): Promise<unknown>;
  /** Answers once its first step has ended; how far it is, `tokensProofLook` says. */
  tokensProve(wish: T.TrialWish): Promise<unknown>;
  tokensProofLook(): Promise<T.ProofView>;
  tokensProofStop(): Promise<unknown>;
  tokensProofSave(form: T.ProofForm): Promise<string | null>;
  tokensProofForget(): Promise<unknown>;
  /** Answers once they are under way; how far they are, `tokensScenariosLook` says. */
  tokensScenarios(wish: T.TrialWish): Promise<unknown>;
  tokensScenariosLook(): Promise<T.ScenariosView>;
  tokensScenariosStop(): Promise<unknown>;
  tokensScenariosSave(form: T.ScenariosForm): Promise<string | null>;
  tokensScenariosForget(): Promise<unknown>;
  tokenScopeAdvice(there: boolean, fixed: boolean): Promise<T.ScopeAdviceView>;
  /** What is pasted into these may hold tokens: it goes in, is wiped, and findings alone come back. */
  secretChargeExplain(text: string, status: number | null): Promise<T.ExplainedView>;
  secretEmdLint(text: string, place: string | null): Promise<T.FlawView[]>;
  secretBodyExamine(text: string, meant: T.MeantWord, id: string | null): Promise<T.FlawView[]>;
  secretWebhookExamine(text: string, keyId: string, key: string): Promise<T.DeliveryView>;
  secretWebhookTake(text: string, keyId: string, key: string): Promise<T.DeliveryTaken>;
  /** Looks a pasted token up in the vault and in the log. It goes in and never comes back. */
  secretTokenFind(token: string): Promise<T.TokenFound>;
  /** Keeps a pasted token. It goes in and never comes back. */
  secretTokenAdd(token: string, told: T.TokenTold): Promise<T.TokenRow>;
  auditActs(request: T.ActsRequest): Promise<T.ActsView>;
  /** What is wrong with a question; null where nothing is. */
  auditQuery(query: string): Promise<T.QueryFault | null>;
  auditFacets(query: string): Promise<T.Facet[]>;
  auditHistogram(request: T.HistogramRequest): Promise<T.Histogram>;
  auditEntry(seq: number): Promise<T.EntryView>;
  /** The proof that an entry is in the log, as a text that any verifier reads. */
  auditProof(seq: number): Promise<string>;
  auditVerify(): Promise<T.VerifyView>;
  auditVerifyStop(): Promise<unknown>;
  auditWork(): Promise<T.AuditWork>;
  auditDays(from: string, to: string): Promise<T.DayState[]>;
  auditDay(day: string): Promise<T.DayReview>;
  auditSignOff(day: string, note: string | null): Promise<T.DayReview>;
  /** Rust shows the file dialog; null when no place was chosen. */
  auditExport(request: T.ExportRequest): Promise<T.ExportedView | null>;
  auditExportStop(): Promise<unknown>;
  /** Shows the file that was exported last in the system's own file browser. */
  auditExportShow(): Promise<unknown>;
  auditViews(): Promise<T.SavedView[]>;
  auditViewSave(wish: T.SavedViewWish): Promise<T.SavedView[]>;
  auditViewRemove(id: string): Promise<T.SavedView[]>;
  auditWitnesses(): Promise<T.WitnessesView>;
  /** Rust shows the file dialogs of these; null when nothing was chosen. */
  auditWitnessAsk(): Promise<string | null>;
  auditWitnessSign(): Promise<T.WitnessSigned | null>;
  /** Takes the key of the log that was read last as its own, and signs. */
  auditWitnessTrust(): Promise<T.WitnessSigned | null>;
  auditWitnessTake(): Promise<T.WitnessTaken | null>;
  auditBackup(): Promise<T.BackedUpView | null>;
  doctor(): Promise<T.DoctorView>;
  /** Makes the bundle for support and answers its text; what is saved is what was shown last. */
  doctorBundle(): Promise<string>;
  doctorBundleSave(): Promise<string | null>;
  appReconcile(): Promise<T.ReconcileView>;
  /** Opens the sealed key file for as long as the app runs. The passphrase goes in and never comes back. */
  secretUnlock(passphrase: string): Promise<unknown>;
  /** Tries the sandbox with its secrets in a new file, sealed with this passphrase. */
  secretTrySandbox(passphrase: string): Promise<T.ProfileView>;
  /** Whether the app is locked; `used` says that somebody used the window. */
  appLock(used: boolean): Promise<T.LockView>;
  appLockNow(): Promise<T.LockView>;
  secretUnlockApp(passphrase: string): Promise<T.LockView>;
  /** Proves the passphrase anew for one risky deed, to be done within a minute. */
  secretConfirm(deed: string, passphrase: string): Promise<unknown>;
  secretLockSet(passphrase: string, idleMinutes: number, absoluteHours: number): Promise<T.LockView>;
  secretLockChange(
    passphrase: string,
    next: string | null,
    idleMinutes: number,
    absoluteHours: number,
  ): Promise<T.LockView>;
  secretLockRemove(passphrase: string): Promise<T.LockView>;
  personsList(): Promise<T.PersonsView>;
  personAdd(key: string, name: string, roles: string[]): Promise<T.PersonsView>;
  personRoles(fingerprint: string, roles: string[]): Promise<T.PersonsView>;
  personRemove(fingerprint: string): Promise<T.PersonsView>;
  setupMethods(): Promise<T.MethodView[]>;
  /** Shows one of Klarna's pages in the system's browser. */
  setupPageOpen(page: T.PageName): Promise<null>;
  setupState(name: string): Promise<T.SetupView>;
  setupBegin(request: T.BeginRequest): Promise<T.SetupView>;
  setupMethod(name: string, method: T.MethodName): Promise<T.SetupView>;
  setupProxy(name: string, proxy: string): Promise<T.SetupView>;
  /** Rust shows the file dialog and answers the certificates in the file, and nothing else that it holds. */
  certificateOpen(): Promise<T.PublicFile | null>;
  setupDrySignature(name: string): Promise<T.SetupView>;
  setupFirstCall(name: string): Promise<T.FirstCallView>;
  setupMerchants(name: string): Promise<T.ImportView | null>;
  setupMerchantIds(name: string, ids: string): Promise<T.ImportView>;
  profileExport(name: string): Promise<T.ExportView | null>;
  profileFileOpen(): Promise<T.ProfileFileView | null>;
  profileFileImport(request: T.TakeInRequest): Promise<T.SetupView>;
  keysList(name: string | null): Promise<T.KeysView>;
  /** What ends soon and was not told yet; each is answered once. */
  keysNotices(): Promise<T.ExpiryView[]>;
  keyCreate(name: string, usage: T.KeyUsage): Promise<T.SetupView>;
  keyImport(name: string, usage: T.KeyUsage): Promise<T.KeyFileView | null>;
  keyRequest(name: string, usage: T.KeyUsage): Promise<T.RequestView>;
  keyRequestSave(name: string, usage: T.KeyUsage): Promise<string | null>;
  keyCertificateAsk(name: string, usage: T.KeyUsage): Promise<T.SetupView>;
  keyCertificateJudge(name: string, usage: T.KeyUsage, pem: string): Promise<T.Judged>;
  keyCertificateInstall(name: string, usage: T.KeyUsage, pem: string): Promise<T.SetupView>;
  /** A serial number says on which hardware token the next key is made, if not where the one in use is. */
  keyRotate(name: string, usage: T.KeyUsage, ask: boolean, serial: string | null): Promise<T.RotatedView>;
  keyRetire(name: string, usage: T.KeyUsage, credential: string | null): Promise<T.KeysView>;
  keyDestroy(name: string, keyId: string, evenActive: boolean, tokenLost: boolean): Promise<T.KeysView>;
  keysLost(name: string): Promise<T.SetupView>;
  /** Looks for hardware tokens; loads the modules that are known. */
  hardwareTokens(name: string): Promise<T.ModuleTokensView[]>;
  /** Rust shows the file dialog; null when no module was chosen. */
  hardwareModuleAdd(name: string): Promise<T.ModuleTokensView[] | null>;
  /** Which token's PIN the act before was refused for. */
  hardwareWanted(): Promise<T.TokenView | null>;
  hardwareKeyCreate(name: string, serial: string): Promise<T.SetupView>;
  /** Opens the token that is waited for. */
  secretHardwarePin(pin: string): Promise<unknown>;
  /** Asks Klarna what it holds of the account; changes nothing. */
  credentialsList(name: string | null): Promise<T.AtKlarnaView>;
  /** Has Klarna make an API key and takes it into use; the key itself never comes here. */
  apiKeyCreate(name: string, description: string): Promise<T.NewApiKeyView>;
  credentialRename(name: string, kind: T.CredentialKind, id: string, description: string): Promise<T.AtKlarnaView>;
  credentialEnd(name: string, kind: T.CredentialKind, id: string): Promise<T.AtKlarnaView>;
  /** Tells Klarna what to do with calls without client certificate; a moment goes with `from` alone. */
  enforcementSet(name: string, demand: T.Demand, from: number | null): Promise<T.AtKlarnaView>;
  /** May take a second: the system's own programs are asked. */
  networkShow(): Promise<T.NetworkView>;
  networkProxy(request: T.ProxyRequest): Promise<T.NetworkView>;
  /** Rust shows the file dialog and reads the file; null when none was chosen. */
  networkCaAdd(): Promise<T.NetworkView | null>;
  networkCaRemove(sha256: string): Promise<T.NetworkView>;
  /** Hands a proxy's sign-in to the key store; without both, what was kept is removed. It goes in and never comes back. */
  secretProxySignIn(user: string | null, password: string | null): Promise<T.NetworkView>;
  /** Begins a profile with its secrets in a new file, sealed with this passphrase. */
  secretSetupBegin(request: T.BeginRequest, passphrase: string): Promise<T.SetupView>;
  /** Hands the API key to the key store. It goes in and never comes back. */
  secretApiKey(name: string, key: string): Promise<T.ApiKeyTaken>;
  /** Opens the key file that was chosen last, and takes its key in. */
  secretKeyPassphrase(name: string, usage: T.KeyUsage, passphrase: string): Promise<T.KeyFileView>;
  /** Says that the first picture is painted; only then may Rust ask the keyring. */
  appPainted(): Promise<void>;
  /** Hears every step of every act. Returns a function that stops listening. */
  onProgress(heard: (progress: T.ActProgress) => void): Stop;
  /** Hears which topics changed in Rust, so that what is shown is asked for again. */
  onChanged(heard: (changed: T.Changed) => void): Stop;
}
