/** A page of the documentation as it is shown; the server makes it of Markdown. */
export type Span =
  | string
  | { is: 'code' | 'strong' | 'soft'; text: string }
  | { is: 'link'; href: string; spans: Span[] };

export interface Item {
  spans: Span[];
  items?: Item[];
}

export interface Sample {
  language: string;
  label: string;
  text: string;
}

export type Block =
  /** `name` is what an endpoint is called, shown beside it. */
  | { is: 'heading'; depth: number; id: string; spans: Span[]; name?: string }
  | { is: 'text'; spans: Span[] }
  | { is: 'samples'; samples: Sample[] }
  | { is: 'list'; items: Item[] };

export interface NavLink {
  href: string;
  title: string;
  detail: string;
}

export interface NavGroup {
  title: string;
  links: NavLink[];
}
