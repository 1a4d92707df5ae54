export type ButtonVariant = 'primary' | 'plain' | 'quiet' | 'danger';
export type ButtonSize = 'sm' | 'md' | 'lg';

const base =
  'inline-flex items-center justify-center gap-2 rounded-md border font-[550] whitespace-nowrap ' +
  'select-none transition-colors duration-100 no-underline disabled:cursor-not-allowed ' +
  'aria-disabled:cursor-not-allowed focus-visible:rounded-md';

const variants: Record<ButtonVariant, string> = {
  primary:
    'bg-accent border-transparent text-on-accent shadow-sm hover:bg-accent-strong ' +
    'disabled:bg-sunken disabled:text-ink-faint disabled:border-line disabled:shadow-none',
  plain:
    'bg-surface border-line-strong text-ink shadow-sm hover:bg-hover ' +
    'disabled:bg-sunken disabled:text-ink-faint disabled:border-line disabled:shadow-none',
  quiet:
    'bg-transparent border-transparent text-ink-soft hover:bg-hover hover:text-ink ' +
    'disabled:text-ink-faint disabled:bg-transparent',
  danger:
    'bg-bad border-transparent text-on-bad shadow-sm hover:brightness-95 ' +
    'disabled:bg-sunken disabled:text-ink-faint disabled:border-line disabled:shadow-none',
};

const sizes: Record<ButtonSize, string> = {
  sm: 'min-h-7 px-2.5 py-0.5 text-sm',
  md: 'min-h-9 px-3.5 py-1 text-base',
  lg: 'min-h-11 px-5 py-2 text-lg',
};

const squares: Record<ButtonSize, string> = {
  sm: 'size-7 p-0',
  md: 'size-9 p-0',
  lg: 'size-11 p-0',
};

/** The one look of everything that is pressed; `square` is for a lone icon. */
export const buttonLook = (variant: ButtonVariant, size: ButtonSize, square = false): string[] => [
  base,
  variants[variant],
  square ? squares[size] : sizes[size],
];
