/** What the renter chooses of what the terms leave open. */
export interface Choices {
  operating_system: string;
}

/** The operating systems that the renter chooses among; none where the terms name one at most. */
export function openSystems({
  operating_systems,
}: {
  operating_systems: readonly string[];
}): string[] {
  const names = [...new Set(operating_systems)];
  return names.length > 1 ? names : [];
}
