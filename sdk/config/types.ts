import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '../..');
const ENTRY = join(ROOT, 'sdk/src/index.ts');
/** Deeper than any type of ours: only what goes round for ever is. */
const MAX_DEPTH = 24;
/** Types with fewer fields are as clear where they stand as under a name. */
const LEAST_NAMED_FIELDS = 4;
/** Types of the platform, which every reader has. */
const PLATFORM = new Set(
  'AbortSignal AsyncGenerator CryptoKey Error Headers Promise Response Uint8Array fetch'.split(' '),
);

interface Printer {
  checker: ts.TypeChecker;
  /** What is written under a name, by its type. */
  names: Map<ts.Type, string>;
  /** Named types that were used, in the order of their use. */
  used: Map<string, ts.Type>;
}

/**
 * The declarations of the package's entry, written out: whatever is derived from schemas stands
 * there as plain types, so that who uses the package needs none of them.
 */
export function writeTypes(): string {
  const config = ts.readConfigFile(join(ROOT, 'sdk/tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, join(ROOT, 'sdk'));
  const program = ts.createProgram([ENTRY], options);
  const checker = program.getTypeChecker();
  const printer: Printer = { checker, names: new Map(), used: new Map() };
  const exported = exportsOf(checker, program.getSourceFile(ENTRY) as ts.SourceFile);
  for (const symbol of exported) {
    if (isType(symbol)) nameIt(printer, symbol, 0);
  }
  for (const file of program.getSourceFiles()) {
    if (!file.fileName.includes('/shared/src/')) continue;
    for (const symbol of exportsOf(checker, file)) {
      if (isType(symbol)) nameIt(printer, symbol, LEAST_NAMED_FIELDS);
    }
  }
  const values = exported.filter((symbol) => !isType(symbol));
  for (const symbol of exported.filter(isType)) {
    printer.used.set(symbol.name, checker.getDeclaredTypeOfSymbol(symbol));
  }
  const parts = values.map((symbol) => declareValue(printer, symbol));
  // What is declared may use further names, which come after it.
  const done = new Set<string>();
  for (const [name, type] of printer.used) {
    const { typeParameters: left = [] } = type as ts.InterfaceType;
    const open = left.length > 0 ? `<${left.map(({ symbol }) => symbol.name).join(', ')}>` : '';
    if (!done.has(name))
      parts.push(`export type ${name}${open} = ${print(printer, type, 0, true)};`);
    done.add(name);
  }
  return `${parts.join('\n\n')}\n`;
}

function exportsOf(checker: ts.TypeChecker, file: ts.SourceFile): ts.Symbol[] {
  const module = checker.getSymbolAtLocation(file);
  if (module === undefined) return [];
  return checker
    .getExportsOfModule(module)
    .map((one) => (one.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(one) : one));
}

const isType = (symbol: ts.Symbol): boolean =>
  (symbol.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias)) !== 0;

function nameIt({ checker, names }: Printer, symbol: ts.Symbol, least_fields: number): void {
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  const isGeneric =
    type.aliasTypeArguments !== undefined ||
    (type as ts.InterfaceType).typeParameters !== undefined;
  const isNew = ![...names.values()].includes(symbol.name) && !names.has(type);
  const isLarge = least_fields === 0 || type.getProperties().length >= least_fields;
  const isUnion = least_fields === 0 && type.isUnion();
  const isShape = isUnion || (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0;
  if (isShape && isNew && isLarge && !isGeneric) names.set(type, symbol.name);
}

const commentOf = ({ checker }: Printer, symbol: ts.Symbol): string => {
  const text = ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();
  return text === '' ? '' : `/** ${text.replaceAll(/\s*\n\s*/g, ' ')} */\n`;
};

function declareValue(printer: Printer, symbol: ts.Symbol): string {
  const type = printer.checker.getTypeOfSymbol(symbol);
  const text = print(printer, type, 0);
  return `${commentOf(printer, symbol)}export declare const ${symbol.name}: ${text};`;
}

function print(printer: Printer, type: ts.Type, depth: number, isDeclared = false): string {
  if (depth > MAX_DEPTH) throw new Error(`A type goes too deep: ${type.symbol?.name}`);
  const name = printer.names.get(type);
  if (name !== undefined && !isDeclared) {
    printer.used.set(name, printer.used.get(name) ?? type);
    return name;
  }
  const { checker } = printer;
  const within = (one: ts.Type) => print(printer, one, depth + 1);
  if (type.isUnion()) {
    if (type.flags & ts.TypeFlags.Boolean) return 'boolean';
    const members = [...new Set(type.types.map((one) => parted(within(one))))];
    const isBoolean = members.includes('true') && members.includes('false');
    return isBoolean
      ? ['boolean', ...members.filter((one) => one !== 'true' && one !== 'false')].join(' | ')
      : members.join(' | ');
  }
  const platform = type.symbol?.name ?? '';
  const isPlatform = PLATFORM.has(platform) && isForeign(type.symbol);
  if (isPlatform) {
    if (platform === 'fetch') return 'typeof fetch';
    // What lies below it differs from one version of TypeScript to another.
    if (platform === 'Uint8Array') return platform;
    const reference = type as ts.TypeReference;
    // The last argument of an interface's reference may be its own `this`.
    const { typeParameters = [] } = reference.target ?? {};
    const given = checker.getTypeArguments(reference).slice(0, typeParameters.length);
    return given.length > 0 ? `${platform}<${given.map(within).join(', ')}>` : platform;
  }
  if (checker.isTupleType(type)) {
    return `[${checker
      .getTypeArguments(type as ts.TypeReference)
      .map(within)
      .join(', ')}]`;
  }
  if (checker.isArrayType(type)) {
    const [item] = checker.getTypeArguments(type as ts.TypeReference);
    return `${parted(within(item as ts.Type))}[]`;
  }
  if (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) {
    return printShape(printer, type, depth);
  }
  return checker.typeToString(
    type,
    undefined,
    ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias,
  );
}

const isForeign = (symbol: ts.Symbol): boolean =>
  symbol.declarations?.some(({ parent }) =>
    /\/lib\.[\w.]+\.d\.ts$|@types\/node/.test(parent.getSourceFile().fileName),
  ) === true;

/** A part of a union or an array that would be read otherwise without brackets. */
const parted = (text: string): string =>
  /^\(.*=>|^new |\| /.test(text) && !text.startsWith('{') ? `(${text})` : text;

function printShape(printer: Printer, type: ts.Type, depth: number): string {
  const { checker } = printer;
  const calls = type.getCallSignatures();
  const members = type.getProperties();
  const [only] = calls;
  if (only !== undefined && calls.length === 1 && members.length === 0) {
    return printCall(printer, only, depth, ' => ');
  }
  const lines = [
    ...calls.map((one) => `${printCall(printer, one, depth, ': ')};`),
    ...checker.getIndexInfosOfType(type).map((one) => {
      const [key, value] = [one.keyType, one.type].map((each) => print(printer, each, depth + 1));
      return `[name: ${key}]: ${value};`;
    }),
    ...members.map((one) => printMember(printer, one, depth)),
  ];
  return lines.length === 0 ? 'Record<string, never>' : `{\n${lines.join('\n')}\n}`;
}

function printMember(printer: Printer, member: ts.Symbol, depth: number): string {
  const type = printer.checker.getTypeOfSymbol(member);
  const isOptional = (member.flags & ts.SymbolFlags.Optional) !== 0;
  const name = /^[A-Za-z_$][\w$]*$/.test(member.name) ? member.name : `'${member.name}'`;
  const text = print(printer, type, depth + 1);
  return `${commentOf(printer, member)}${name}${isOptional ? '?' : ''}: ${text};`;
}

const isOnlyUndefined = (type: ts.Type): boolean => (type.flags & ts.TypeFlags.Undefined) !== 0;

function printCall(printer: Printer, call: ts.Signature, depth: number, arrow: string): string {
  const { checker } = printer;
  const given = call.parameters.flatMap((parameter) => {
    const type = checker.getTypeOfSymbol(parameter);
    const node = parameter.valueDeclaration as ts.ParameterDeclaration | undefined;
    const isRest = node?.dotDotDotToken !== undefined;
    if (isRest && checker.isTupleType(type))
      return printTuple(printer, type as ts.TypeReference, depth);
    const isOptional = node?.questionToken !== undefined || node?.initializer !== undefined;
    const name = node !== undefined && ts.isIdentifier(node.name) ? node.name.text : 'given';
    const plain = isOptional ? checker.getNonNullableType(type) : type;
    return [`${name}${isOptional ? '?' : ''}: ${print(printer, plain, depth + 1)}`];
  });
  const predicate = checker.getTypePredicateOfSignature(call);
  const answer =
    predicate?.type !== undefined
      ? `${predicate.parameterName ?? 'this'} is ${print(printer, predicate.type, depth + 1)}`
      : print(printer, call.getReturnType(), depth + 1);
  return `(${given.join(', ')})${arrow}${answer}`;
}

/** Arguments that an endpoint takes: `ask`, where it takes something, and `options`. */
function printTuple(printer: Printer, type: ts.TypeReference, depth: number): string[] {
  const { target } = type as unknown as { target: ts.TupleType };
  return printer.checker.getTypeArguments(type).map((one, place) => {
    const isOptional = ((target.elementFlags[place] ?? 0) & ts.ElementFlags.Optional) !== 0;
    const name = place === 0 ? 'ask' : 'options';
    const plain =
      isOptional && !isOnlyUndefined(one) ? printer.checker.getNonNullableType(one) : one;
    return `${name}${isOptional ? '?' : ''}: ${print(printer, plain, depth + 1)}`;
  });
}
