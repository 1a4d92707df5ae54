import { allEndpoints } from '@berth/shared/endpoints';
import { problemsOf } from '@berth/shared/answers';
import { problems, type ProblemCode } from '@berth/shared/problems';
import { problemAdvice } from '@berth/shared/reference/advice';
import type { NavGroup, NavLink } from '#lib/features/docs/blocks.ts';
import type { ApiDocument } from './document.ts';
import { guideText, guideTexts } from './guides.ts';
import { groupOf, groupPage, groups, type Named } from './reference.ts';

export interface DocsPage {
  /** Its address, such as `/docs/errors`. */
  href: string;
  title: string;
  /** Its first paragraph, without marks. */
  detail: string;
  /** The whole of it: the page that people see is made of this. */
  markdown: string;
}

export interface Docs {
  pages: ReadonlyMap<string, DocsPage>;
  nav: NavGroup[];
  /** What a search looks through: every page, and every endpoint at its place. */
  entries: NavLink[];
}

const codes = Object.keys(problems) as ProblemCode[];

/** All pages of the documentation, from the tables and the OpenAPI document alone. */
export function makeDocs(document: ApiDocument, origin: string): Docs {
  const guides = Object.entries(guideTexts).map(([name, text]) =>
    pageOf(name === '' ? '/docs' : `/docs/${name}`, guideText(text, origin)),
  );
  const reference = Object.keys(groups).map((group) =>
    pageOf(
      `/docs/reference/${group}`,
      groupPage(
        group,
        allEndpoints.filter((one) => groupOf(one) === group),
        document,
        origin,
      ),
    ),
  );
  const problemPages = [
    pageOf('/docs/problems', problemList()),
    ...codes.map((code) => pageOf(`/docs/problems/${code}`, problemPage(code))),
  ];
  const pages = [...guides, ...reference, ...problemPages];
  return {
    pages: new Map(pages.map((page) => [page.href, page])),
    nav: [
      { title: 'Guides', links: guides.map(linkOf) },
      {
        title: 'Reference',
        links: [...reference.map(linkOf), ...problemPages.slice(0, 1).map(linkOf)],
      },
    ],
    entries: [...allEndpoints.map(entryOf), ...pages.map(linkOf)],
  };
}

const linkOf = ({ href, title, detail }: DocsPage): NavLink => ({ href, title, detail });

const entryOf = (one: Named): NavLink => ({
  href: `/docs/reference/${groupOf(one)}#${one.name}`,
  title: one.summary,
  detail: `${one.method} /api/v1${one.path.replace(/:(\w+)/g, '{$1}')}`,
});

function pageOf(href: string, markdown: string): DocsPage {
  const [head = '', detail = ''] = markdown.split('\n\n');
  const plain = detail.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, '');
  return {
    href,
    title: head.replace(/^# /, ''),
    detail: plain.replaceAll('\n', ' '),
    markdown: `${markdown}\n`,
  };
}

function problemList(): string {
  const lines = codes.map(
    (code) =>
      `- [${code}](/docs/problems/${code}) ${problems[code].status}. ${problems[code].title}`,
  );
  return [
    '# Problems',
    'Every refusal there is, each with a page: what it means, and what to do. How they come is in ' +
      '[errors](/docs/errors).',
    lines.join('\n'),
  ].join('\n\n');
}

/** Beyond these, any endpoint may answer it. */
const MOST_NAMED = 40;

function problemPage(code: ProblemCode): string {
  const { title, status } = problems[code];
  const { means, todo } = problemAdvice[code];
  const by = allEndpoints.filter((one) => problemsOf(one).includes(code));
  const links = by.map(
    (one) => `- [${one.summary}](/docs/reference/${groupOf(one)}#${one.name}) \`${one.name}\``,
  );
  const answer = { type: `/docs/problems/${code}`, title, status, code };
  return [
    `# ${code}`,
    `**${title}.** ${means}`,
    '## What to do',
    todo,
    '## How it comes',
    `\`\`\`json Answer ${status}\n${JSON.stringify(answer, null, 2)}\n\`\`\``,
    '`detail`, where there is one, says more in words for people.',
    ...(by.length === 0 || by.length > MOST_NAMED
      ? ['Many endpoints may answer it; each names its own in the [reference](/docs).']
      : ['## Who answers it', links.join('\n')]),
  ].join('\n\n');
}

/** For language models: what there is, with the address of each page as Markdown. */
export function llmsText({ pages }: Docs, origin: string): string {
  const line = ({ href, title, detail }: DocsPage) =>
    `- [${title}](${origin}${twinOf(href)}): ${detail}`;
  const all = [...pages.values()];
  const isReference = ({ href }: DocsPage) => href.startsWith('/docs/reference/');
  const isProblem = ({ href }: DocsPage) => href.startsWith('/docs/problems');
  const guides = all.filter((page) => !isReference(page) && !isProblem(page));
  return [
    '# Berth',
    '> Compute, rented by signed contract. What the website does, a program can do.',
    `The API is at ${origin}/api/v1, described by ${origin}/api/v1/openapi.json.`,
    '## Guides',
    guides.map(line).join('\n'),
    '## Reference',
    all.filter(isReference).map(line).join('\n'),
    '## Optional',
    all.filter(isProblem).map(line).join('\n'),
    '',
  ].join('\n\n');
}

/** Where a page is as Markdown. */
export const twinOf = (href: string): string =>
  href === '/docs' ? '/docs/index.md' : `${href}.md`;
