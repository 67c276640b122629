import { describe, expect, it } from 'vitest';
import { fieldManager, ownedByOthers } from '../../src/kubernetes/owners.ts';

const entry = (manager: string, fieldsV1: object, operation = 'Update') => ({ manager, operation, fieldsV1 });
const subjects = { 'f:subjects': {} };
const note = (key: string) => ({ 'f:metadata': { 'f:annotations': { '.': {}, [`f:${key}`]: {} } } });
const annotation = ['metadata', 'annotations', 'written-to.vaultbind.dev/auth_kubernetes_1'];

/** A field is somebody else's when any entry of another manager names it, whatever that one's operation is. */
describe('who else owns a field', () => {
  it.each<[what: string, entries: ReturnType<typeof entry>[], path: string[], owners: string[]]>([
    ['ours alone', [entry(fieldManager, subjects)], ['subjects'], []],
    ['ours twice', [entry(fieldManager, subjects, 'Apply'), entry(fieldManager, subjects)], ['subjects'], []],
    ['helm applies it', [entry('helm', subjects, 'Apply')], ['subjects'], ['helm']],
    ['helm and ours agree', [entry(fieldManager, subjects), entry('helm', subjects)], ['subjects'], ['helm']],
    ['two others', [entry('helm', subjects), entry('kubectl-edit', subjects)], ['subjects'], ['helm', 'kubectl-edit']],
    ['one in two ways', [entry('helm', subjects), entry('helm', subjects, 'Apply')], ['subjects'], ['helm']],
    ['without a name', [entry('', subjects)], ['subjects'], ['a field manager without a name']],
    ['another field', [entry('helm', { 'f:roleRef': {} })], ['subjects'], []],
    ['nobody', [], ['subjects'], []],
    ['another annotation', [entry('helm', note('team'))], annotation, []],
    ['our annotation', [entry('helm', note(annotation[2] ?? ''))], annotation, ['helm']],
    ['all annotations as one', [entry('helm', { 'f:metadata': { 'f:annotations': {} } })], annotation, ['helm']],
  ])('%s', (_what, entries, path, owners) => {
    expect(ownedByOthers(entries, [path]).map(({ owner }) => owner)).toEqual(owners);
  });
});
