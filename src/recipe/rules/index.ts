import { lowerCaseNames, noExpectationTwice, noNameTwice } from './names.ts';
import type { Rule } from './rule.ts';

/** Every rule that looks at more than one key. Adding one is a function, a line here and a line in the test's table. */
export const rules: Rule[] = [noNameTwice, lowerCaseNames, noExpectationTwice];
