export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

let chosen = $state<Theme>('system');

export const theme = {
  get chosen(): Theme {
    return chosen;
  },
};

/** Called once the page is awake; app.html has already set the attribute before the first paint. */
export function readTheme(): void {
  const given = document.documentElement.dataset['theme'];
  chosen = given === 'light' || given === 'dark' ? given : 'system';
}

export function chooseTheme(next: Theme): void {
  chosen = next;
  if (next === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = next;
  try {
    if (next === 'system') localStorage.removeItem('theme');
    else localStorage.setItem('theme', next);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}
