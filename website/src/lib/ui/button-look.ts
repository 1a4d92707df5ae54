export type ButtonVariant = 'primary' | 'plain' | 'quiet' | 'danger';
export type ButtonSize = 'sm' | 'md' | 'lg';

/** The one look of everything that is pressed; `square` is for a lone icon. */
export const buttonLook = (variant: ButtonVariant, size: ButtonSize, square = false): string =>
  `btn btn-${variant} btn-${square ? 'square-' : ''}${size}`;
