/** The licence texts of everything inside the bundle, as those licences ask for. */
export function licences(packages) {
  const head = `vaultbind contains parts of these ${packages.length} packages, each under its own licence.\n`;
  const parts = packages.map(({ name, version, license, homepage, texts }) => {
    const title = [`${name} ${version}`, `Licence: ${license}`, ...(homepage ? [homepage] : [])].join('\n');
    const text =
      texts.length > 0 ? texts.map((one) => one.trim()).join('\n\n') : '(the package carries no licence text)';
    return `${title}\n\n${text.replaceAll('\r\n', '\n')}\n`;
  });
  return [head, ...parts].join(`\n${'-'.repeat(100)}\n\n`);
}
