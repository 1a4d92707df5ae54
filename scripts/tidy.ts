/** Our own rules, each a function of one file's path and text; scripts/tidy.test.ts runs them. */
import ts from 'typescript';
import { countedWords } from './lib/counted-words.ts';
import { explainedWords } from './lib/explained-words.ts';
import { machineNames } from './lib/machine-names.ts';

const MOST_FILE_LINES = 400;
const MOST_COMPONENT_LINES = 250;
const MOST_FUNCTION_LINES = 70;
const MOST_LINE_CHARACTERS = 100;
/** A hash, an address or a sentence in quotes cannot be broken, so a line with one may run on. */
const UNBREAKABLE = /\S{60,}|(["'`])(?:(?!\1).){50,}\1/;

export interface SourceFile {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

type Rule = (file: SourceFile) => string[];

const isTest = ({ path }: SourceFile): boolean =>
  /\.test\.ts$|^((api|sdk|cli)\/test|website\/e2e)\//.test(path);
const isCode = ({ path }: SourceFile): boolean => /\.(ts|js|mjs|svelte)$/.test(path);
const isWritten = (file: SourceFile): boolean =>
  isCode(file) || /\.(sql|css|sh|md)$|^(Makefile|\.ci\/run)$/.test(file.path);
const isGenerated = ({ path }: SourceFile): boolean =>
  ['docs/machines.md', 'docs/cli.md', 'docs/benchmarks.md', 'docs/reliability.md'].includes(path);

const linesOf = (text: string): string[] => text.replace(/\n$/, '').split('\n');

const parsed = new WeakMap<SourceFile, ts.SourceFile>();

/** The syntax of a file, read once; of a component only its scripts, on their own lines. */
function syntaxOf(file: SourceFile): ts.SourceFile {
  const known = parsed.get(file);
  if (known) return known;
  const code = file.path.endsWith('.svelte') ? scriptsOf(file.text) : file.text;
  const { Latest } = ts.ScriptTarget;
  const source = ts.createSourceFile(file.path, code, Latest, true, ts.ScriptKind.TS);
  parsed.set(file, source);
  return source;
}

const SCRIPT = /(<script[^>]*>)([\s\S]*?)<\/script>/g;

function scriptsOf(component: string): string {
  let code = '';
  let end = 0;
  for (const found of component.matchAll(SCRIPT)) {
    const start = found.index + (found[1] ?? '').length;
    code += component.slice(end, start).replace(/[^\n]/g, ' ') + (found[2] ?? '');
    end = start + (found[2] ?? '').length;
  }
  return code;
}

function nodesIn(node: ts.Node): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (inner: ts.Node): void => {
    found.push(inner);
    ts.forEachChild(inner, visit);
  };
  visit(node);
  return found;
}

function lineAt(source: ts.SourceFile, position: number): number {
  return source.getLineAndCharacterOfPosition(position).line + 1;
}

/** `path:line sentence` for each node of a code file that `complain` has a sentence about. */
function eachNode(file: SourceFile, complain: (node: ts.Node) => string | null): string[] {
  if (!isCode(file)) return [];
  const source = syntaxOf(file);
  const found: string[] = [];
  for (const node of nodesIn(source)) {
    const sentence = complain(node);
    if (sentence !== null) {
      found.push(`${file.path}:${lineAt(source, node.getStart())} ${sentence}`);
    }
  }
  return found;
}

const fileLength: Rule = (file) => {
  const lines = linesOf(file.text).length;
  const most = file.path.endsWith('.svelte') ? MOST_COMPONENT_LINES : MOST_FILE_LINES;
  return isCode(file) && lines > most ? [`${file.path} has ${lines} lines of at most ${most}`] : [];
};

const calledName = (node: ts.Node): string =>
  ts.isCallExpression(node) ? node.expression.getText() : '';

function lineCount(node: ts.Node): number {
  const [first, last] = [node.getStart(), node.getEnd()].map((at) =>
    lineAt(node.getSourceFile(), at),
  ) as [number, number];
  return last - first + 1;
}

/** The lines of the outermost functions inside a node. */
function innerLines(node: ts.Node): number {
  let lines = 0;
  ts.forEachChild(node, (child) => {
    lines += ts.isFunctionLike(child) ? lineCount(child) : innerLines(child);
  });
  return lines;
}

/** In `.svelte.ts` state and what works on it share one closure, whose functions count apart. */
const functionLength: Rule = (file) =>
  eachNode(file, (node) => {
    if (!ts.isFunctionLike(node) || /^(test\.)?describe\b/.test(calledName(node.parent)))
      return null;
    const lines = lineCount(node) - (file.path.endsWith('.svelte.ts') ? innerLines(node) : 0);
    return lines > MOST_FUNCTION_LINES
      ? `a function has ${lines} lines of at most ${MOST_FUNCTION_LINES}`
      : null;
  });

/** The markup of a component is left to Prettier, which keeps classes and sentences whole. */
const lineLength: Rule = (file) => {
  if (!isWritten(file) || isGenerated(file)) return [];
  const text = file.path.endsWith('.svelte') ? scriptsOf(file.text) : file.text;
  return linesOf(text).flatMap((line, at) =>
    line.length <= MOST_LINE_CHARACTERS ||
    UNBREAKABLE.test(line) ||
    (file.path.endsWith('.md') && line.startsWith('|'))
      ? []
      : [`${file.path}:${at + 1} a line has ${line.length} characters`],
  );
};

/** One complaint for each line of a written file that the pattern is on. */
const noLine =
  (pattern: RegExp, sentence: string, but: (file: SourceFile) => boolean): Rule =>
  (file) =>
    !isWritten(file) || but(file)
      ? []
      : linesOf(file.text).flatMap((line, at) =>
          pattern.test(line) ? [`${file.path}:${at + 1} ${sentence}`] : [],
        );

const noPromises = noLine(
  /\b(?:TO[D]O|FIX[M]E|X[X]X)\b/,
  'do it now or open an issue',
  () => false,
);
const selfContained = noLine(
  /\b(?:DESIGN|DOMAIN|TRUST|LEDGER|MODELS)[.]md\b|\/work\//,
  'the project explains itself: name no file outside of it',
  isTest,
);

/** `runIf` stays: a test may need one of the two databases, or a tool that a machine lacks. */
const SKIPPING =
  /^(test|it|describe)(\.\w+)*\.(skip|only|todo|fixme|fails|skipIf)\b|^x(it|test|describe)$/;

const noSkipping: Rule = (file) =>
  eachNode(file, (node) =>
    SKIPPING.test(calledName(node)) ? 'every test runs, or it is deleted' : null,
  );

const wholeZod: Rule = (file) =>
  eachNode(file, (node) =>
    ts.isImportDeclaration(node) &&
    node.moduleSpecifier.getText().slice(1, -1) === 'zod' &&
    !(node.importClause?.namedBindings && ts.isNamespaceImport(node.importClause.namedBindings))
      ? `write import * as z from 'zod': the other form ships all its languages`
      : null,
  );

/** The service's settings, how many random cases tests take, and tools. */
const readsSettings = ({ path }: SourceFile): boolean =>
  ['api/src/config.ts', 'shared/src/runs-node.ts'].includes(path) ||
  /^scripts\/|^cli\/src\/main\.ts$|^website\/[^/]+\.config\.ts$|^\w+\.config\.ts$/.test(path);

const settingsOnce: Rule = (file) =>
  isTest(file) || readsSettings(file)
    ? []
    : eachNode(file, (node) =>
        ts.isPropertyAccessExpression(node) && node.getText() === 'process.env'
          ? 'settings are read in api/src/config.ts only'
          : null,
      );

const oneClock: Rule = (file) =>
  isTest(file) || !/^api\/src\/(?!lib\/clock\.ts)/.test(file.path)
    ? []
    : eachNode(file, (node) =>
        calledName(node) === 'Date.now' ||
        (ts.isNewExpression(node) &&
          node.expression.getText() === 'Date' &&
          !node.arguments?.length)
          ? 'the time comes from the clock in lib/clock.ts'
          : null,
      );

const SQL = /\.(selectFrom|insertInto|updateTable|deleteFrom)$/;

const sqlInRepos: Rule = (file) =>
  isTest(file) || !/^api\/src\/(?!db\/|modules\/[^/]+\/repo[^/]*\.ts)/.test(file.path)
    ? []
    : eachNode(file, (node) =>
        SQL.test(calledName(node)) ? 'SQL is written in repo.ts and db/ only' : null,
      );

const REPO = /^api\/src\/modules\/.+\/repo[^/]*\.ts$/;
const READS = /^(find|get|has|is|list|count|sum|map|read|select)[A-Z]/;
const FROM_ACTOR = /\bactor\b|Actor\b|: Seen/;
const SAYS_WHOSE = /[a-z](Any|Public)([A-Z]|$)/;

/** The name and the function of an export that is a function. */
function exportedFunction(node: ts.Node): [string, ts.SignatureDeclaration] | null {
  const exported = (one: ts.Node): boolean =>
    ts.canHaveModifiers(one) &&
    (ts.getModifiers(one) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  if (ts.isFunctionDeclaration(node) && exported(node)) return [node.name?.text ?? '', node];
  return ts.isVariableDeclaration(node) &&
    node.initializer &&
    ts.isArrowFunction(node.initializer) &&
    exported(node.parent.parent)
    ? [node.name.getText(), node.initializer]
    : null;
}

const readsFromActor: Rule = (file) =>
  !REPO.test(file.path)
    ? []
    : eachNode(file, (node) => {
        const [name, { parameters = [] }] = exportedFunction(node) ?? ['', {}];
        const [first, ...rest] = parameters.map((one) => one.getText());
        const reads = /^db\b/.test(first ?? '') || (/^tx\b/.test(first ?? '') && READS.test(name));
        return reads && !SAYS_WHOSE.test(name) && !rest.some((one) => FROM_ACTOR.test(one))
          ? `${name} takes the actor or a row that was Seen, or is named Any or Public`
          : null;
      });

const OPENS_TRANSACTION = /(\.transaction|\b(deps|database)\.write)$/;

const oneTransaction: Rule = (file) =>
  !/^api\/src\/modules\/[^/]+\/(routes|service|repo)[^/]*\.ts$/.test(file.path)
    ? []
    : eachNode(file, (node) =>
        OPENS_TRANSACTION.test(calledName(node))
          ? 'a request is one transaction, and mount opens it'
          : null,
      );

const TELLING = new Set(['notify', 'tellStreams']);

const jobsTell: Rule = (file) =>
  !/^api\/src\/modules\/(?!notices\/)/.test(file.path) || /\/jobs\.ts$/.test(file.path)
    ? []
    : eachNode(file, (node) =>
        ts.isImportSpecifier(node) && TELLING.has(node.name.text)
          ? 'only consumers in jobs.ts tell people: emit news instead'
          : null,
      );

const MODULE_FILE = /^((index|routes|service|repo|jobs)\.ts|[a-z-]+\.test\.ts)$/;

const moduleShape: Rule = ({ path }) => {
  const [, inside] = /^api\/src\/modules\/[^/]+\/(.+)$/.exec(path) ?? [];
  return inside === undefined || MODULE_FILE.test(inside)
    ? []
    : [`${path} is no part of a module: index, routes, service, repo, jobs, <name>.test`];
};

const KEBAB = /^[a-z0-9.+-]+$/;
const PASCAL = /^[A-Z][A-Za-z0-9]*\.svelte$/;

const fileNames: Rule = ({ path }) => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (!/\.(ts|svelte)$/.test(name) || name.startsWith('+')) return [];
  const fits = name.endsWith('.svelte') ? PASCAL.test(name) : KEBAB.test(name);
  return fits ? [] : [`${path} should be kebab-case.ts or PascalCase.svelte`];
};

const MOST_DECISION_LINES = 40;

const decisionShape: Rule = ({ path, text }) => {
  if (!path.startsWith('docs/decisions/')) return [];
  const lines = linesOf(text).length;
  return [
    ...(/\/\d{4}-[a-z0-9-]+\.md$/.test(path) ? [] : [`${path} should be NNNN-name.md`]),
    ...(lines > MOST_DECISION_LINES ? [`${path} has ${lines} lines`] : []),
    ...(text.includes('\n## Held by\n') ? [] : [`${path} names no test under "Held by"`]),
  ];
};

const NAMED_PATH = /`((?:shared|api|website|sdk|cli|scripts|docs|migrations)\/[\w./-]+)`/g;

const BUILT = /\/build$/;

/** The paths that a page of prose names, as in `scripts/tidy.ts`. */
export const namedPaths = ({ path, text }: SourceFile): string[] =>
  path.endsWith('.md')
    ? [...text.matchAll(NAMED_PATH)]
        .map((found) => found[1] ?? '')
        .filter((named) => !BUILT.test(named))
    : [];

const ROOT_NAMES = new Set([
  ...['package.json', 'package-lock.json', 'Makefile', 'README.md', 'LICENSE'],
  ...['migrations', 'shared', 'api', 'website', 'sdk', 'cli', 'scripts', 'docs', '.ci'],
  ...['.gitignore', '.prettierignore', 'eslint.config.js', 'tsconfig.base.json'],
  'vitest.config.ts',
]);

const rootNames: Rule = ({ path }) => {
  const name = path.split('/')[0] ?? path;
  return ROOT_NAMES.has(name) ? [] : [`${name} has no place in the root`];
};

export const rules = {
  countedWords,
  explainedWords,
  machineNames,
  fileLength,
  functionLength,
  lineLength,
  noPromises,
  selfContained,
  noSkipping,
  wholeZod,
  settingsOnce,
  oneClock,
  sqlInRepos,
  readsFromActor,
  oneTransaction,
  jobsTell,
  moduleShape,
  decisionShape,
  fileNames,
  rootNames,
} satisfies Record<string, Rule>;

/** Every complaint about one file, each with the rule's name. */
export const untidy = (file: SourceFile): string[] =>
  Object.entries(rules).flatMap(([name, rule]) => rule(file).map((found) => `${name}: ${found}`));

const TEST_CALL = /^(test|it)$/;

/** The full titles of the tests of a file, as `describe > test`. */
export function testTitles(file: SourceFile): string[] {
  const titles: string[] = [];
  const visit = (node: ts.Node, above: string[]): void => {
    let inside = above;
    if (ts.isCallExpression(node)) {
      const [title] = node.arguments;
      const words = title && ts.isStringLiteralLike(title) ? title.text : null;
      if (words !== null && TEST_CALL.test(calledName(node))) {
        titles.push([...above, words].join(' > '));
      }
      if (words !== null && /^(test\.)?describe\b/.test(calledName(node))) {
        inside = [...above, words];
      }
    }
    ts.forEachChild(node, (child) => visit(child, inside));
  };
  if (isCode(file)) visit(syntaxOf(file), []);
  return titles;
}
