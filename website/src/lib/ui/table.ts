/** A column of a `Table`. */
export interface Column {
  id: string;
  label: string;
  align?: 'left' | 'right';
  /** The value of the address's `sort` for it: ascending, and descending where there is one. */
  sort?: { up: string; down?: string };
  /** Left out on a phone, where a row is a card. */
  desk_only?: boolean;
  /** Left out below a desk's width too, where the others need the room. */
  wide_only?: boolean;
  /** Shows no label in the card: the row's title. */
  is_title?: boolean;
}
