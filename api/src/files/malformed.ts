import { problem, type Problem } from '@berth/shared/problems';

export const malformed = (sentence: string): Problem => problem('request.malformed', sentence);
