/** What each kind of work does, for a person; a kind that is new here shows its name. */
const kindWords: Readonly<Record<string, string>> = {
  'contract.move': 'Move a contract whose deadline has passed',
  'contract.erase': 'Erase credentials or personal parts of an ended contract',
  'offering.end_hold': 'Give back a unit whose hold has ended',
};

/** What each consumer of the outbox keeps, for a person. */
const consumerWords: Readonly<Record<string, string>> = {
  'accounts.notices': 'Notices of recovery phrases',
  'contracts.notices': 'Notices and news of contracts',
  'market.points': 'History of prices',
  'market.records': 'Records of providers',
  'notices.streams': 'News for open pages and the search',
  'saved.changes': 'What changed of saved offerings',
  'saved.notices': 'Notices of what was saved',
};

export const kindWordsOf = (kind: string): string => kindWords[kind] ?? kind;
export const consumerWordsOf = (name: string): string => consumerWords[name] ?? name;

/** A consumer that fails is work too: one thing of a kind of its own. */
export const workWordsOf = ({ kind, subject_id }: { kind: string; subject_id: string }): string =>
  kind === 'projection' ? consumerWordsOf(subject_id) : kindWordsOf(kind);
