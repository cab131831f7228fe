import {
  defineInt,
  defineSecret,
  defineString,
  select,
} from "firebase-functions/params";
import { classifiers } from "./adapters/classifiers/index.ts";
import { connectors } from "./adapters/connectors/index.ts";
import { crms } from "./adapters/crms/index.ts";
import type {
  CrmDefinition,
  Definition,
  Given,
  Setting,
  Settings,
  Values,
} from "./adapters/definition.ts";
import { embedders } from "./adapters/embedders/index.ts";
import { vectorIndexes } from "./adapters/vectors/index.ts";
import { writers } from "./adapters/writers/index.ts";
import { lazyRecord } from "./domain/kernel/records.ts";

/** Where all functions run. */
export const region = "europe-west1";

/** Which deployment this is, as Cloud Run names it. */
export const revision = process.env["K_REVISION"] ?? "development";

/** Which of the functions this process runs; null where it lists them all. */
export const runsAs = process.env["FUNCTION_TARGET"] ?? null;

/** Whether the functions run in their emulator, whose server has routes of its own. */
export const isEmulated = process.env["FUNCTIONS_EMULATOR"] === "true";

/** Whether tasks go to the emulator of their queue, which speaks REST only. */
export const tasksAreEmulated =
  process.env["CLOUD_TASKS_EMULATOR_HOST"] !== undefined;

/** What an operator sets for all of it; what belongs to one vendor, its definition names. See .env.example for what each is for. */
export const settings = {
  sources: choice("SOURCES", ["live", "replay"]),
  replayUrl: defineString("REPLAY_URL", { default: "" }),
  classifier: choice("CLASSIFIER", namesIn(classifiers)),
  cardWriter: choice("CARD_WRITER", namesIn(writers)),
  apiReadsPerMinute: wholeNumber("API_READS_PER_MINUTE", 300, 1),
  apiCommandsPerMinute: wholeNumber("API_COMMANDS_PER_MINUTE", 60, 1),
  corsOrigins: defineString("CORS_ORIGINS", { default: "" }),
  publicUrl: defineString("PUBLIC_URL", { default: "" }),
} as const;

/** How many instances each function may have at most: what a burst or a flood can cost, and what the vendors see at once. */
export const maxInstances = defineInt("MAX_INSTANCES", { default: 20 });

/** Every definition with settings of its own. */
const definitions = [
  ...Object.values(connectors),
  ...Object.values(crms),
  ...writers,
  ...classifiers,
  ...embedders,
  ...vectorIndexes,
];

/** The vendors' settings and secrets as parameters of the deployment, by name; two vendors may share one. */
const vendorSettings = new Map(
  definitions
    .flatMap((definition) => [
      ...Object.values(definition.settings),
      ...("tenant" in definition ? [definition.tenant] : []),
    ])
    .map((setting) => [setting.name, setting]),
);
const readers = new Map(
  [...vendorSettings].map(([name, setting]) => [name, readerFor(setting)]),
);
const secretParams = new Map<string, SecretParam>();

/** Bound only to the functions that use them: those of a kind of vendors, to the functions that use that kind. */
export const secrets = {
  crms: secretsIn(Object.values(crms)),
  writers: secretsIn(writers),
  classifiers: secretsIn(classifiers),
  embedders: secretsIn(embedders),
  vectors: secretsIn(vectorIndexes),
  /** A JSON object by tenant, `*` for all: an entry per vendor of sources, `"newsapi": "key"` or `{"key": "…", "perDay": 1000}`. */
  sourceKeys: defineSecret("SOURCE_KEYS"),
  /** A JSON object: tenant → sender → what they share, as domain/tenants/webhookSecrets.ts says. */
  webhookSecrets: defineSecret("WEBHOOK_SECRETS"),
} as const;

type SecretParam = ReturnType<typeof defineSecret>;

/** What the vendors ask for, by its names in the environment. */
export const vendorSettingNames: readonly string[] = [...readers.keys()];
export const vendorSecretNames: readonly string[] = [...secretParams.keys()];

/** What the builder of a vendor is given: its settings and secrets, each read when it is used. */
export function readSettings(definition: Definition): Given {
  const { secrets: names } = definition;
  return {
    settings: valuesFor(definition.settings),
    secrets: lazyRecord(Object.keys(names), (key) => () => {
      const param = secretParams.get(names[key] ?? "");
      return param?.value().trim() ?? "";
    }),
  };
}

/** The values of a vendor's settings, each read when it is used. */
export function valuesFor(own: Settings): Values<Settings> {
  return lazyRecord(Object.keys(own), (key) => {
    const setting = own[key];
    if (setting === undefined) throw new Error(`There is no setting ${key}.`);
    return readValue(setting);
  });
}

/** The tenant whose CRM it is, as an operator has named it; "" where nobody has. */
export function tenantFor({ tenant }: Pick<CrmDefinition, "tenant">): string {
  return String(readValue(tenant));
}

function readValue({ name }: Setting): string | number {
  const reader = readers.get(name);
  if (reader === undefined) throw new Error(`${name} is not declared.`);
  return reader.value();
}

/** The secrets of these vendors, as a function is bound to them. */
function secretsIn(
  list: readonly Pick<Definition, "secrets">[],
): readonly SecretParam[] {
  const names = new Set(list.flatMap((one) => Object.values(one.secrets)));
  return [...names].map((name) => {
    const param = secretParams.get(name) ?? defineSecret(name);
    secretParams.set(name, param);
    return param;
  });
}

function readerFor({ name, default: standard, least }: Setting) {
  return typeof standard === "number"
    ? wholeNumber(name, standard, least)
    : defineString(name, { default: standard });
}

function namesIn([first, ...others]: readonly [
  { readonly name: string },
  ...{ readonly name: string }[],
]): readonly [string, ...string[]] {
  return [first.name, ...others.map(({ name }) => name)];
}

/**
 * A setting that has one of these values; the first where it is not set. Any other value is refused, by the deploy
 * and again when it is read, so that a typo never means the default.
 */
function choice<const T extends string>(
  name: string,
  values: readonly [T, ...T[]],
) {
  const [standard] = values;
  const param = defineString(name, {
    default: standard,
    input: select([...values]),
  });
  return {
    /** Throws where the value is none of them. */
    value: (): T => {
      const value = param.value() || standard;
      const allowed = values.find((one) => one === value);
      if (allowed !== undefined) return allowed;
      throw new Error(
        `${name} must be ${values.join(" or ")}, and is ${JSON.stringify(value)}.`,
      );
    },
  };
}

/** A setting that is a whole number. With a least value, it is the default where it is not set, and what is less is refused when it is read. */
function wholeNumber(name: string, standard: number, least?: number) {
  const param = defineInt(name, { default: standard });
  if (least === undefined) return param;
  return {
    /** Throws where the value is less. */
    value: (): number => {
      const value = process.env[name] ? param.value() : standard;
      if (value >= least) return value;
      throw new Error(`${name} must be a whole number from ${least}.`);
    },
  };
}
