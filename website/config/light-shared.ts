import type { ESTree } from 'vite';
import type { Plugin } from 'vite';

/** What of an endpoint the browser needs to call it; the schemas stay types. */
const NEEDED_BY_CALL = new Set(['method', 'path']);

type Statement = ESTree.Program['body'][number];

interface Part {
  node: Statement;
  /** What of it reaches the browser, and the names that occur in that. */
  text: string;
  words: Set<string>;
}

interface Cut {
  start: number;
  end: number;
  text: string;
}

/**
 * Keeps zod out of the browser. In the client build, `endpoint({...})` in `shared` keeps only its
 * method and path, and every top-level constant made by a call becomes droppable, so that importing
 * an endpoint or one formatter does not bring a validator with it; what only the schemas needed is
 * not imported either. The server build is left as it is.
 */
export function lightShared(): Plugin {
  return {
    name: 'berth:light-shared',
    apply: 'build',
    enforce: 'post',
    applyToEnvironment: ({ name }) => name === 'client',
    transform: {
      filter: { id: /\/shared\/src\/.*\.ts$/ },
      handler(code) {
        const { body } = this.parse(code);
        const kept = withoutUnused(body.map((node) => partOf(node, code)));
        const light = kept.map(({ text }) => text).join('\n');
        return { code: light, map: null, moduleSideEffects: false };
      },
    },
  };
}

function cutsOf(node: Statement, code: string): Cut[] {
  const declaration = node.type === 'ExportNamedDeclaration' ? node.declaration : node;
  if (declaration?.type !== 'VariableDeclaration') return [];
  return declaration.declarations.flatMap(({ init }) => {
    if (
      !init ||
      init.type === 'ArrowFunctionExpression' ||
      !code.slice(init.start, init.end).includes('(')
    )
      return [];
    return [
      { start: init.start, end: init.start, text: '/*#__PURE__*/ (() => (' },
      ...(init.type === 'ObjectExpression' ? init.properties.flatMap(endpointCuts) : []),
      { start: init.end, end: init.end, text: '))()' },
    ];
  });
}

function endpointCuts(property: ESTree.ObjectExpression['properties'][number]): Cut[] {
  if (property.type !== 'Property' || property.value.type !== 'CallExpression') return [];
  const { callee, arguments: given } = property.value;
  const [definition] = given;
  if (callee.type !== 'Identifier' || callee.name !== 'endpoint') return [];
  if (definition?.type !== 'ObjectExpression') return [];
  return definition.properties
    .filter((field) => !isNeeded(field))
    .map(({ start, end }) => ({ start, end, text: '...null' }));
}

const isNeeded = (field: ESTree.ObjectExpression['properties'][number]): boolean =>
  field.type === 'Property' &&
  field.key.type === 'Identifier' &&
  NEEDED_BY_CALL.has(field.key.name);

function partOf(node: Statement, code: string): Part {
  const text = cutUp(code, node, cutsOf(node, code));
  return { node, text, words: new Set(text.split(/[^\w$]+/)) };
}

function cutUp(code: string, node: Statement, cuts: Cut[]): string {
  let at = node.start;
  let text = '';
  for (const cut of cuts) {
    text += code.slice(at, cut.start) + cut.text;
    at = cut.end;
  }
  return text + code.slice(at, node.end);
}

/** Drops what nothing names any more: even an unused import takes its module into a chunk. */
function withoutUnused(parts: Part[]): Part[] {
  const kept = parts.filter((part) => {
    const rest = parts.filter((one) => one !== part);
    return namesOf(part.node)?.some((name) => rest.some(({ words }) => words.has(name))) ?? true;
  });
  return kept.length === parts.length ? kept : withoutUnused(kept);
}

/** What an import or a constant of the module's own declares; null for all else. */
function namesOf(node: Statement): string[] | null {
  if (node.type === 'ImportDeclaration') {
    return node.specifiers.length > 0 ? node.specifiers.map(({ local }) => local.name) : null;
  }
  if (node.type !== 'VariableDeclaration') return null;
  const names = node.declarations.map(({ id }) => (id.type === 'Identifier' ? id.name : null));
  return names.every((name) => name !== null) ? names : null;
}
