/**
 * The pretence of set-up and keys: one profile that goes from step to step, in the order of the steps.
 * Absent on purpose: rules, keys and files. The API key and passphrases that come in are dropped at once.
 */
import type { Backend, Changed, Environment } from "./backend";
import { profileOf } from "./fake_data";
import { pretendedAtKlarna, type AtKlarna } from "./fake_at_klarna";
import { IMPORTED } from "./fake_pretence";
import * as data from "./fake_setup_data";
import type { ApiKeyTaken, KeyState, KeysView, KeyUsage, MethodName, SetupView, StepName } from "./types";

/** What the pretence needs of the backend around it. */
export interface Host {
  answer: () => Promise<void>;
  change: (...topics: Changed["topics"]) => void;
  begun: (environment: Environment) => void;
  empty: boolean;
  environment: Environment;
  now: () => number;
}

export type SetupCommands = Pick<
  Backend,
  Extract<
    keyof Backend,
    | `setup${string}`
    | `key${string}`
    | `profileExport`
    | `profileFile${string}`
    | `certificate${string}`
    | `credential${string}`
    | "enforcementSet"
    | "apiKeyCreate"
    | "secretSetupBegin"
    | "secretApiKey"
    | "secretKeyPassphrase"
  >
>;

export class FakeSetup implements Omit<SetupCommands, keyof AtKlarna> {
  private done = 0;
  private method: MethodName | null = null;
  private proxy = "system";
  private user = "nora.lind@acme.example";
  private told = false;
  private keys: KeysView;
  private profile: SetupView["profile"];

  constructor(private readonly host: Host) {
    const { name, environment, account, accountName } = profileOf(host.environment);
    this.profile = { name, environment, account, accountName };
    this.keys = data.keysOf(host.environment, host.now());
    if (host.empty) this.keys = { ...this.keys, keys: [], apiKey: null, warnings: [] };
    document.addEventListener("fake:done", (event) => {
      if (event instanceof CustomEvent) this.done = Number(event.detail);
    });
  }

  /** The commands alone, bound to this pretence. */
  commands(): SetupCommands {
    const own = Object.entries(this).filter(([, value]) => typeof value === "function");
    const made = (apiKey: KeysView["apiKey"]): void => {
      this.keys = { ...this.keys, apiKey };
      this.host.change("profile");
    };
    return { ...Object.fromEntries(own), ...pretendedAtKlarna(this.host, made) } as unknown as SetupCommands;
  }

  setupMethods: Backend["setupMethods"] = async () => {
    await this.host.answer();
    return [...data.METHODS];
  };

  setupPageOpen: Backend["setupPageOpen"] = async () => {
    await this.host.answer();
    return null;
  };

  setupState: Backend["setupState"] = async () => {
    await this.host.answer();
    return this.view();
  };

  setupBegin: Backend["setupBegin"] = async ({ name, environment, account, user, method, proxy }) => {
    await this.host.answer();
    const accountName = account.slice(account.lastIndexOf(":") + 1);
    this.profile = { name, environment, account, accountName };
    [this.user, this.method, this.proxy, this.done] = [user, method, proxy ?? "system", 1];
    this.host.begun(environment);
    return this.view();
  };

  setupMethod: Backend["setupMethod"] = async (_, method) => {
    await this.host.answer();
    this.method = method;
    return this.reach("method");
  };

  setupProxy: Backend["setupProxy"] = async (_, proxy) => {
    await this.host.answer();
    this.proxy = proxy;
    return this.view();
  };

  certificateOpen: Backend["certificateOpen"] = async () => {
    await this.host.answer();
    return { file: "LYABCDEI.crt.pem", pem: data.pemOf("CERTIFICATE") };
  };

  setupDrySignature: Backend["setupDrySignature"] = () => this.step("dry_signature");

  setupFirstCall: Backend["setupFirstCall"] = async () => ({
    setup: await this.step("first_call"),
    http: 200,
    mtls: "VALID",
    ip: null,
  });

  setupMerchants: Backend["setupMerchants"] = async () => {
    await this.step("merchants");
    return IMPORTED;
  };

  setupMerchantIds: Backend["setupMerchantIds"] = async () => {
    await this.step("merchants");
    return { ...IMPORTED, file: "what was pasted" };
  };

  profileExport: Backend["profileExport"] = async () => {
    await this.host.answer();
    return { file: data.PROFILE_FILE.file, signer: data.PROFILE_FILE.signer };
  };

  profileFileOpen: Backend["profileFileOpen"] = async () => {
    await this.host.answer();
    return data.PROFILE_FILE;
  };

  profileFileImport: Backend["profileFileImport"] = async ({ name, user }) => {
    await this.host.answer();
    this.profile = { ...data.PROFILE_FILE.profile, name: name ?? data.PROFILE_FILE.profile.name };
    [this.user, this.method] = [user, "deep_link"];
    this.host.begun(this.profile.environment);
    return this.reach("method");
  };

  keysList: Backend["keysList"] = async () => {
    await this.host.answer();
    return this.keys;
  };

  keysNotices: Backend["keysNotices"] = async () => {
    await this.host.answer();
    const warnings = this.told ? [] : this.keys.warnings;
    this.told = true;
    return warnings;
  };

  keyCreate: Backend["keyCreate"] = (_, usage) => this.step(usage === "mtls" ? "mtls_key" : "signing_key");

  keyImport: Backend["keyImport"] = async () => {
    await this.host.answer();
    return { file: "signing.p12", sealed: true, setup: this.view() };
  };

  keyRequest: Backend["keyRequest"] = async (_, usage) => ({
    setup: await this.step(usage === "mtls" ? "mtls_request" : "signing_request"),
    pem: data.pemOf("CERTIFICATE REQUEST"),
  });

  keyRequestSave: Backend["keyRequestSave"] = async (_, usage) => {
    await this.host.answer();
    return `LYABCDEI-${usage}.csr.pem`;
  };

  keyCertificateAsk: Backend["keyCertificateAsk"] = (_, usage) => this.certified(usage);

  keyCertificateJudge: Backend["keyCertificateJudge"] = async () => {
    await this.host.answer();
    return profileOf(this.host.environment).signing?.checks ?? [];
  };

  keyCertificateInstall: Backend["keyCertificateInstall"] = (_, usage) => this.certified(usage);

  keyRotate: Backend["keyRotate"] = async (_, usage, ask) => {
    await this.host.answer();
    const next = data.lifeOf(usage, ask ? "active" : "requested", this.profile.environment, this.host.now());
    this.become(usage, "active", ask ? "retiring" : "active");
    this.keys = { ...this.keys, keys: [...this.keys.keys, { ...next, keyId: `next-${usage}-key` }] };
    this.host.change("profile");
    return {
      keyId: next.keyId,
      switched: ask,
      request: ask ? null : data.pemOf("CERTIFICATE REQUEST"),
      retiring: null,
    };
  };

  keyRetire: Backend["keyRetire"] = async (_, usage) => {
    await this.host.answer();
    const at = this.host.now();
    const revoked = this.keys.keys.map((key) =>
      key.usage === usage && key.state === "retiring" ? { ...key, revokedFrom: at } : key,
    );
    return (this.keys = { ...this.keys, keys: revoked });
  };

  keyDestroy: Backend["keyDestroy"] = async (_, keyId) => {
    await this.host.answer();
    const at = this.host.now();
    const keys = this.keys.keys.map((key) =>
      key.keyId === keyId ? { ...key, state: "destroyed" as const, destroyedAt: at } : key,
    );
    return (this.keys = { ...this.keys, keys });
  };

  keysLost: Backend["keysLost"] = async () => {
    await this.host.answer();
    this.done = 2;
    return this.view();
  };

  secretSetupBegin: Backend["secretSetupBegin"] = (request) => this.setupBegin(request);

  secretApiKey: Backend["secretApiKey"] = async (): Promise<ApiKeyTaken> => ({
    setup: await this.step("api_key"),
    proof: "proved",
    problem: null,
  });

  secretKeyPassphrase: Backend["secretKeyPassphrase"] = async (_, usage) => {
    const setup = await this.step(usage === "mtls" ? "mtls_key" : "signing_key");
    return { file: "signing.p12", sealed: false, setup };
  };

  private certified(usage: KeyUsage): Promise<SetupView> {
    return this.step(usage === "mtls" ? "mtls_certificate" : "signing_certificate");
  }

  private async step(step: StepName): Promise<SetupView> {
    await this.host.answer();
    return this.reach(step);
  }

  private reach(step: StepName): SetupView {
    this.done = Math.max(this.done, data.STEPS.indexOf(step) + 1);
    this.host.change("profile");
    return this.view();
  }

  private become(usage: KeyUsage, from: KeyState, to: KeyState): void {
    const keys = this.keys.keys.map((key) =>
      key.usage === usage && key.state === from ? { ...key, state: to, retiringAt: this.host.now() } : key,
    );
    this.keys = { ...this.keys, keys };
  }

  private view(): SetupView {
    return {
      profile: this.profile,
      user: this.user,
      apiUrl:
        this.profile.environment === "live" ? "https://api-global.klarna.com" : "https://api-global.test.klarna.com",
      unusualAddress: false,
      proxy: this.proxy,
      method: this.method,
      keyStore: "keyring",
      active: true,
      steps: data.stepsAt(this.done, null),
      next: data.STEPS[this.done] ?? null,
      ready: this.done >= 8,
    };
  }
}
