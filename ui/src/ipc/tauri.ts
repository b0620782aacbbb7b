/**
 * The backend of the app: every method is one generated command, every event one generated event.
 * That this compiles proves that Rust's views and the UI's own types agree, error codes included.
 * Absent on purpose: retries, caches and time-outs. Rust knows better, and an act is never sent twice; one that Rust did not begin because
 * the key file was closed goes on when the person has opened it.
 */
import type { Backend, ErrorCode, Stop } from "./backend";
import { askingForPassphrase } from "./asking";
import { commands, events, type ErrorCode as RustsErrorCode } from "./bindings";

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;

/** Does not compile when a code is missing on either side. */
export const codesAgree: Same<ErrorCode, RustsErrorCode> = true;

interface Hearable<P> {
  listen: (heard: (event: { payload: P }) => void) => Promise<Stop>;
}

/** Listens at once; `stop` works even when the listener is not registered yet. */
function hear<P>(event: Hearable<P>, heard: (payload: P) => void): Stop {
  let stopped = false;
  let stop: Stop | null = null;
  const registered = event.listen(({ payload }) => {
    if (!stopped) heard(payload);
  });
  void registered.then((unlisten) => {
    if (stopped) unlisten();
    else stop = unlisten;
  });
  return () => {
    stopped = true;
    stop?.();
  };
}

export const backend: Backend = askingForPassphrase({
  appState: commands.appState,
  profileTrySandbox: commands.profileTrySandbox,
  profileUse: commands.profileUse,
  settingsSave: commands.settingsSave,
  merchantsSearch: commands.merchantsSearch,
  merchantsAhead: commands.merchantsAhead,
  merchantDetail: commands.merchantDetail,
  merchantPin: commands.merchantPin,
  merchantRefresh: commands.merchantRefresh,
  merchantsImport: commands.merchantsImport,
  portalWarm: commands.portalWarm,
  portalOpen: commands.portalOpen,
  portalCopyLink: commands.portalCopyLink,
  sessionsList: commands.sessionsList,
  sessionRevoke: commands.sessionRevoke,
  sessionsRevokeAll: commands.sessionsRevokeAll,
  sessionReopen: commands.sessionReopen,
  plansList: commands.plansList,
  plansRunning: commands.plansRunning,
  planShow: commands.planShow,
  planRows: commands.planRows,
  planOpen: commands.planOpen,
  planPaste: commands.planPaste,
  planRevocations: commands.planRevocations,
  planSave: commands.planSave,
  planCopy: commands.planCopy,
  planApprove: commands.planApprove,
  planApply: commands.planApply,
  planHold: commands.planHold,
  accessDeclare: commands.accessDeclare,
  accessPage: commands.accessPage,
  accessPersons: commands.accessPersons,
  accessMerchants: commands.accessMerchants,
  accessPerson: commands.accessPerson,
  accessMerchant: commands.accessMerchant,
  accessTimeline: commands.accessTimeline,
  accessLeavers: commands.accessLeavers,
  accessLeaversOpen: commands.accessLeaversOpen,
  accessForesee: commands.accessForesee,
  accessForeseeRevoke: commands.accessForeseeRevoke,
  accessGrant: commands.accessGrant,
  accessRevoke: commands.accessRevoke,
  accessUndo: commands.accessUndo,
  accessHeld: commands.accessHeld,
  reviewsList: commands.reviewsList,
  reviewStart: commands.reviewStart,
  reviewLines: commands.reviewLines,
  reviewDecide: commands.reviewDecide,
  reviewExportTask: commands.reviewExportTask,
  reviewImport: commands.reviewImport,
  reviewHandIn: commands.reviewHandIn,
  reviewSignOff: commands.reviewSignOff,
  reviewPlan: commands.reviewPlan,
  reviewConclude: commands.reviewConclude,
  reviewExport: commands.reviewExport,
  auditActs: commands.auditActs,
  auditEntry: commands.auditEntry,
  auditVerify: commands.auditVerify,
  auditQuery: commands.auditQuery,
  auditFacets: commands.auditFacets,
  auditHistogram: commands.auditHistogram,
  auditProof: commands.auditProof,
  auditVerifyStop: commands.auditVerifyStop,
  auditDays: commands.auditDays,
  auditDay: commands.auditDay,
  auditSignOff: commands.auditSignOff,
  auditWork: commands.auditWork,
  auditExport: commands.auditExport,
  auditExportStop: commands.auditExportStop,
  auditExportShow: commands.auditExportShow,
  auditViews: commands.auditViews,
  auditViewSave: commands.auditViewSave,
  auditViewRemove: commands.auditViewRemove,
  auditWitnesses: commands.auditWitnesses,
  auditWitnessAsk: commands.auditWitnessAsk,
  auditWitnessSign: commands.auditWitnessSign,
  auditWitnessTrust: commands.auditWitnessTrust,
  auditWitnessTake: commands.auditWitnessTake,
  auditBackup: commands.auditBackup,
  doctor: commands.doctor,
  doctorBundle: commands.doctorBundle,
  doctorBundleSave: commands.doctorBundleSave,
  appReconcile: commands.appReconcile,
  appPainted: async () => void (await commands.appPainted()),
  secretUnlock: commands.secretUnlock,
  secretTrySandbox: commands.secretTrySandbox,
  appLock: commands.appLock,
  appLockNow: commands.appLockNow,
  secretUnlockApp: commands.secretUnlockApp,
  secretConfirm: commands.secretConfirm,
  secretLockSet: commands.secretLockSet,
  secretLockChange: commands.secretLockChange,
  secretLockRemove: commands.secretLockRemove,
  personsList: commands.personsList,
  personAdd: commands.personAdd,
  personRoles: commands.personRoles,
  personRemove: commands.personRemove,
  setupMethods: commands.setupMethods,
  setupPageOpen: commands.setupPageOpen,
  setupState: commands.setupState,
  setupBegin: commands.setupBegin,
  setupMethod: commands.setupMethod,
  setupProxy: commands.setupProxy,
  certificateOpen: commands.certificateOpen,
  setupDrySignature: commands.setupDrySignature,
  setupFirstCall: commands.setupFirstCall,
  setupMerchants: commands.setupMerchants,
  setupMerchantIds: commands.setupMerchantIds,
  profileExport: commands.profileExport,
  profileFileOpen: commands.profileFileOpen,
  profileFileImport: commands.profileFileImport,
  keysList: commands.keysList,
  keysNotices: commands.keysNotices,
  keyCreate: commands.keyCreate,
  keyImport: commands.keyImport,
  keyRequest: commands.keyRequest,
  keyRequestSave: commands.keyRequestSave,
  keyCertificateAsk: commands.keyCertificateAsk,
  keyCertificateJudge: commands.keyCertificateJudge,
  keyCertificateInstall: commands.keyCertificateInstall,
  keyRotate: commands.keyRotate,
  keyRetire: commands.keyRetire,
  keyDestroy: commands.keyDestroy,
  keysLost: commands.keysLost,
  hardwareTokens: commands.hardwareTokens,
  hardwareModuleAdd: commands.hardwareModuleAdd,
  hardwareWanted: commands.hardwareWanted,
  hardwareKeyCreate: commands.hardwareKeyCreate,
  secretHardwarePin: commands.secretHardwarePin,
  credentialsList: commands.credentialsList,
  apiKeyCreate: commands.apiKeyCreate,
  credentialRename: commands.credentialRename,
  credentialEnd: commands.credentialEnd,
  enforcementSet: commands.enforcementSet,
  networkShow: commands.networkShow,
  networkProxy: commands.networkProxy,
  networkCaAdd: commands.networkCaAdd,
  networkCaRemove: commands.networkCaRemove,
  secretProxySignIn: commands.secretProxySignIn,
  secretSetupBegin: commands.secretSetupBegin,
  secretApiKey: commands.secretApiKey,
  secretKeyPassphrase: commands.secretKeyPassphrase,
  onProgress: (heard) => hear(events.actProgress, heard),
  onChanged: (heard) => hear(events.changed, heard),
});
