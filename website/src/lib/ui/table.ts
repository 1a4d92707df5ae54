/** A column of a `Table`. */
export interface Column {
  id: string;
  label: string;
  align?: 'left' | 'right';
  /** The value of the address's `sort` for it: ascending, and descending where there is one. */
  sort?: { up: string; down?: string };
  /** Left out of a card. */
  desk_only?: boolean;
  /** The title of the card, without a label. */
  is_title?: boolean;
  /** A control that stands beside the title of the card, without a label. */
  beside_title?: boolean;
}
