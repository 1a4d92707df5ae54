import { Lexer, type Token, type Tokens } from 'marked';
import type { Block, Item, Span, Sample } from '#lib/features/docs/blocks.ts';

/** What a page is made of, from its Markdown; samples that follow one another are shown as one. */
export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  for (const token of new Lexer().lex(markdown)) {
    const block = blockOf(token);
    const last = blocks.at(-1);
    if (block?.is === 'samples' && last?.is === 'samples') last.samples.push(...block.samples);
    else if (block) blocks.push(block);
  }
  return blocks;
}

function blockOf(token: Token): Block | null {
  switch (token.type) {
    case 'heading':
      return headingOf(token as Tokens.Heading);
    case 'paragraph':
      return { is: 'text', spans: spansOf((token as Tokens.Paragraph).tokens) };
    case 'code':
      return { is: 'samples', samples: [sampleOf(token as Tokens.Code)] };
    case 'list':
      return { is: 'list', items: itemsOf(token as Tokens.List) };
    case 'space':
      return null;
    default:
      throw new Error(`The documentation has no form for ${token.type}.`);
  }
}

/** A heading that ends in a name in code is found by that, any other by its words. */
function headingOf({ depth, tokens, text }: Tokens.Heading): Block {
  const last = tokens.at(-1);
  if (depth > 1 && tokens.length > 1 && last?.type === 'codespan') {
    const name = (last as Tokens.Codespan).text;
    return { is: 'heading', depth, id: name, spans: spansOf(tokens.slice(0, -1)), name };
  }
  const id = depth === 3 ? text : text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return { is: 'heading', depth, id, spans: spansOf(tokens) };
}

function sampleOf({ lang = '', text }: Tokens.Code): Sample {
  const [language = '', ...label] = lang.split(' ');
  return { language, label: label.join(' ') || language, text };
}

const itemsOf = ({ items }: Tokens.List): Item[] =>
  items.map(({ tokens }) => {
    const spans = tokens.flatMap((one) =>
      one.type === 'list' ? [] : spansOf((one as Tokens.Text).tokens ?? []),
    );
    const inner = tokens.filter((one): one is Tokens.List => one.type === 'list');
    return inner.length > 0 ? { spans, items: inner.flatMap(itemsOf) } : { spans };
  });

function spansOf(tokens: readonly Token[]): Span[] {
  return tokens.map((token): Span => {
    switch (token.type) {
      case 'codespan':
        return { is: 'code', text: (token as Tokens.Codespan).text };
      case 'strong':
        return { is: 'strong', text: (token as Tokens.Strong).text };
      case 'em':
        return { is: 'soft', text: (token as Tokens.Em).text };
      case 'link': {
        const { href, tokens: inner } = token as Tokens.Link;
        return { is: 'link', href, spans: spansOf(inner) };
      }
      case 'text':
      case 'escape':
        return (token as Tokens.Text).text;
      default:
        throw new Error(`The documentation has no form for ${token.type} within a line.`);
    }
  });
}
