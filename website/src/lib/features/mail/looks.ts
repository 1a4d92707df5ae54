/** How a mail is shown, and what that is called. */
export const mailLooks = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'text', label: 'Text' },
] as const;
