import type { ESTree } from 'vite';
import type { Plugin } from 'vite';

/** What of an endpoint the browser needs to call it; the schemas stay types. */
const NEEDED_BY_CALL = new Set(['method', 'path']);

interface Cut {
  start: number;
  end: number;
  text: string;
}

/**
 * Keeps zod out of the browser. In the client build, `endpoint({...})` in `shared` keeps only its
 * method and path, and every top-level constant made by a call becomes droppable, so that importing
 * an endpoint or one formatter does not bring a validator with it. The server build is left as it
 * is.
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
        const cuts = this.parse(code).body.flatMap((node) => cutsOf(node, code));
        return { code: cutUp(code, cuts), map: null, moduleSideEffects: false };
      },
    },
  };
}

function cutsOf(node: ESTree.Program['body'][number], code: string): Cut[] {
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

function cutUp(code: string, cuts: Cut[]): string {
  let at = 0;
  let text = '';
  for (const cut of cuts) {
    text += code.slice(at, cut.start) + cut.text;
    at = cut.end;
  }
  return text + code.slice(at);
}
