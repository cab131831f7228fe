import { join, resolve } from "node:path";
import ts from "typescript";

/** What an argument is made of: a text, and a page that has it for its source. */
export interface Given {
  readonly text: string;
  readonly page: Document | null;
  /** What every number is: the least, or so large that a limit lets all of the text through. */
  readonly number: number;
}

/** What a parameter's type asks for, with a given text wherever it has room for one. */
type Fill = (given: Given) => unknown;

/** A function that a module exports, or a method of what such a function returns. */
export interface TypedFunction {
  /** From functions/src, such as `domain/text/links.ts`. */
  readonly file: string;
  /** Such as `linksIn`, or `redactor().redact`. */
  readonly name: string;
  readonly takesText: boolean;
  readonly takesPage: boolean;
  readonly takesNumber: boolean;
  /** Prepares a call, so that what it takes to make its arguments is not counted as its own. */
  readonly prepare: (
    module: Readonly<Record<string, unknown>>,
    given: Given,
  ) => Promise<() => unknown>;
}

const source = resolve(import.meta.dirname, "../../functions/src");

/** Every function that the modules export, with arguments made by the types of its parameters. */
export function exportedFunctions(
  files: readonly string[],
): readonly TypedFunction[] {
  const paths = files.map((file) => join(source, file));
  const program = ts.createProgram(paths, optionsOf());
  const checker = program.getTypeChecker();
  return paths.flatMap((path, i) => {
    const file = program.getSourceFile(path);
    const module = file && checker.getSymbolAtLocation(file);
    if (file === undefined || module === undefined) return [];
    return checker.getExportsOfModule(module).flatMap((symbol) => {
      const type = checker.getTypeOfSymbolAtLocation(symbol, file);
      const [signature] = type.getCallSignatures();
      if (signature === undefined) return [];
      const made = { file: files[i] ?? "", name: symbol.name, checker };
      return [functionOf(signature, made), ...methodsOf(signature, made)];
    });
  });
}

function optionsOf(): ts.CompilerOptions {
  const root = resolve(source, "../..");
  const read = ts.readConfigFile(join(root, "tsconfig.json"), (path) =>
    ts.sys.readFile(path),
  );
  return ts.parseJsonConfigFileContent(read.config, ts.sys, root).options;
}

interface Made {
  readonly file: string;
  readonly name: string;
  readonly checker: ts.TypeChecker;
}

function functionOf(
  signature: ts.Signature,
  { file, name, checker }: Made,
): TypedFunction {
  const { fills, filler } = parametersOf(signature, checker);
  return {
    file,
    name,
    takesText: filler.hasText,
    takesPage: filler.hasPage,
    takesNumber: filler.hasNumber,
    prepare: async (module, given) => {
      const called = callable(module[name], name);
      const values = fills.map((fill) => fill(given));
      return () => called(...values);
    },
  };
}

/** The methods of an object that is made here: a redactor's `redact`, not an array's `map`. */
function methodsOf(
  signature: ts.Signature,
  { file, name, checker }: Made,
): readonly TypedFunction[] {
  const returned = signature.getReturnType();
  const type = checker.getAwaitedType(returned) ?? returned;
  const isOurs = type
    .getSymbol()
    ?.declarations?.some((d) => d.getSourceFile().fileName.startsWith(source));
  if (isOurs !== true || type.getCallSignatures().length > 0) return [];
  const maker = parametersOf(signature, checker);
  return type.getProperties().flatMap((property) => {
    const [method] = checker.getTypeOfSymbol(property).getCallSignatures();
    if (method === undefined) return [];
    const { fills, filler } = parametersOf(method, checker);
    return {
      file,
      name: `${name}().${property.name}`,
      takesText: filler.hasText,
      takesPage: filler.hasPage,
      takesNumber: filler.hasNumber,
      prepare: async (module, given) => {
        const make = callable(module[name], name);
        const made: unknown = await make(
          ...maker.fills.map((fill) => fill(given)),
        );
        const found: unknown =
          typeof made === "object" && made !== null
            ? Reflect.get(made, property.name)
            : undefined;
        const called = callable(found, property.name);
        const values = fills.map((fill) => fill(given));
        return () => Reflect.apply(called, made, values);
      },
    } satisfies TypedFunction;
  });
}

function callable(
  value: unknown,
  name: string,
): (...values: readonly unknown[]) => unknown {
  if (typeof value !== "function") throw new Error(`${name} is no function`);
  return (...values): unknown => Reflect.apply(value, undefined, values);
}

function parametersOf(signature: ts.Signature, checker: ts.TypeChecker) {
  const filler = new Filler(checker);
  const fills = signature.getParameters().map((parameter) => {
    const type = checker.getTypeOfSymbol(parameter);
    const declared = parameter.valueDeclaration;
    const isRest =
      declared !== undefined &&
      ts.isParameter(declared) &&
      declared.dotDotDotToken !== undefined;
    return isRest
      ? filler.element(type)
      : filler.named(parameter.name, type, 0);
  });
  return { fills, filler };
}

/** What only a few words fit into, by its name: with any other the function would do nothing. */
const spoken: Readonly<Record<string, string>> = {
  language: "en",
  contentType: "text/html",
};

/** Nothing here is deeper; what refers to itself is cut there. */
const deepest = 7;

class Filler {
  hasText = false;
  hasPage = false;
  hasNumber = false;
  private readonly checker: ts.TypeChecker;

  constructor(checker: ts.TypeChecker) {
    this.checker = checker;
  }

  element(type: ts.Type): Fill {
    const [inner] = this.argumentsOf(type);
    return inner === undefined ? () => undefined : this.fill(inner, 0);
  }

  named(name: string, type: ts.Type, depth: number): Fill {
    const word = spoken[name];
    return word !== undefined && type.flags & ts.TypeFlags.String
      ? constant(word)
      : this.fill(type, depth);
  }

  fill(type: ts.Type, depth: number): Fill {
    if (depth > deepest) return () => undefined;
    const { flags } = type;
    if (flags & ts.TypeFlags.StringLike && !type.isStringLiteral())
      return this.text();
    if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return this.text();
    if (type.isLiteral()) return constant(type.value);
    if (flags & ts.TypeFlags.BooleanLike) return constant(true);
    if (flags & ts.TypeFlags.NumberLike) {
      this.hasNumber = true;
      return ({ number }) => number;
    }
    if (
      flags &
      (ts.TypeFlags.Null | ts.TypeFlags.Undefined | ts.TypeFlags.Void)
    )
      return constant(undefined);
    if (flags & ts.TypeFlags.TypeParameter) {
      const constraint = this.checker.getBaseConstraintOfType(type);
      return constraint === undefined
        ? this.text()
        : this.fill(constraint, depth + 1);
    }
    if (type.isUnion()) return this.union(type, depth);
    if (
      type.isIntersection() &&
      type.types.some((part) => part.flags & ts.TypeFlags.StringLike)
    )
      return this.text();
    return this.object(type, depth);
  }

  private text(): Fill {
    this.hasText = true;
    return ({ text }) => text;
  }

  /** The first member that is neither null nor a mere word, else the first at all. */
  private union({ types }: ts.UnionType, depth: number): Fill {
    const empty = ts.TypeFlags.Null | ts.TypeFlags.Undefined;
    const members = types.filter(({ flags }) => !(flags & empty));
    const best =
      members.find(({ flags }) => flags & ts.TypeFlags.String) ??
      members.find(({ flags }) => flags & ts.TypeFlags.Object) ??
      members[0];
    return best === undefined ? constant(undefined) : this.fill(best, depth);
  }

  private object(type: ts.Type, depth: number): Fill {
    const name = type.getSymbol()?.name ?? "";
    const [first, second] = this.argumentsOf(type);
    const inner = () =>
      first === undefined ? constant(undefined) : this.fill(first, depth + 1);
    if (name === "Date") return constant(new Date("2026-03-01T10:00:00Z"));
    if (name === "RegExp") return constant(/x/gu);
    if (name === "Uint8Array") {
      this.hasText = true;
      return ({ text }) => Buffer.from(text);
    }
    if (["Document", "Element", "Node"].includes(name)) {
      this.hasText = true;
      this.hasPage = true;
      return ({ page }) => (name === "Document" ? page : page?.body);
    }
    if (name === "Promise") return inner();
    if (this.checker.isTupleType(type)) {
      const parts = this.argumentsOf(type).map((t) => this.fill(t, depth + 1));
      return (given) => parts.map((part) => part(given));
    }
    if (this.checker.isArrayLikeType(type)) {
      const item = inner();
      return (given) => [item(given)];
    }
    if (/^(?:Readonly)?Set$/u.test(name)) {
      const item = inner();
      return (given) => new Set([item(given)]);
    }
    if (/^(?:Readonly)?Map$/u.test(name)) {
      const key = inner();
      const value = second ? this.fill(second, depth + 1) : constant(undefined);
      return (given) => new Map([[key(given), value(given)]]);
    }
    const [call] = type.getCallSignatures();
    if (call !== undefined) {
      const result = this.fill(call.getReturnType(), depth + 1);
      return (given) => () => result(given);
    }
    return this.record(type, depth);
  }

  private record(type: ts.Type, depth: number): Fill {
    const fields = type
      .getProperties()
      .filter(({ name }) => !name.startsWith("__@"))
      .map(
        (property) =>
          [
            property.name,
            this.named(
              property.name,
              this.checker.getTypeOfSymbol(property),
              depth + 1,
            ),
          ] as const,
      );
    const index = type.getStringIndexType();
    const values = index && this.fill(index, depth + 1);
    return (given) =>
      Object.fromEntries<unknown>([
        ...fields.map(([name, fill]) => [name, fill(given)] as const),
        ...(values ? [[given.text, values(given)] as const] : []),
      ]);
  }

  private argumentsOf(type: ts.Type): readonly ts.Type[] {
    return isReference(type) ? this.checker.getTypeArguments(type) : [];
  }
}

function isReference(type: ts.Type): type is ts.TypeReference {
  return "target" in type;
}

function constant(value: unknown): Fill {
  return () => value;
}
