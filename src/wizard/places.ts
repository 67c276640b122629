/** Whether a place, as mistakes name it, is this one or inside it. */
export function isAt(place: string, own: string): boolean {
  return place === own || place.startsWith(`${own}.`) || place.startsWith(`${own}[`);
}
