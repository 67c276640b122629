import { eachText, replaceUnseen } from '../../model/unseen.ts';

/**
 * The same with every text in it made plain: whatever is in the set of unseen.ts becomes U+FFFD. Names and messages come from recipes, plans and servers.
 *
 * @param before what is done to each text first
 */
export function plain<T>(value: T, before: (text: string) => string = (text) => text): T {
  return eachText(value, (text) => replaceUnseen(before(text), () => '\ufffd'));
}
