interface Step {
  isSealing: boolean;
  removal: { handle: string } | null;
  /** The phrase that waits for an answer; empty for none. */
  asked: string;
  unclaimed: object | null;
}

/** The title of each step of signing in, and a sentence below it. */
export function headOf({ isSealing, removal, asked, unclaimed }: Step) {
  if (isSealing) {
    return {
      title: 'New credentials open with another phrase',
      detail:
        'You are signed in. What providers post for you is sealed to another phrase of yours.',
    };
  }
  if (removal) {
    return {
      title: 'This phrase was removed',
      detail: `It was a key of @${removal.handle}, until somebody with another phrase removed it.`,
    };
  }
  if (asked === '') {
    return {
      title: 'Sign in',
      detail: 'With the words you saved when you made your account: your recovery phrase.',
    };
  }
  if (unclaimed) {
    return {
      title: 'The Internet Computer knows you',
      detail:
        'Keep the name you have there or choose another. Your contracts and offerings of the ' +
        'chain are then yours here, and others can seal credentials to you.',
    };
  }
  return {
    title: 'No account has this phrase yet',
    detail: 'The words are right. Choose a name, and they open your new account.',
  };
}
