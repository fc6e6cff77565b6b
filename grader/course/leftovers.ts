/** What editors and file managers leave behind. It is nobody's mistake, so it is passed over. */
const leftover =
  /~$|^\.#|^#.*#$|\.(swp|swo|swx|orig|bak|tmp)$|^\.DS_Store$|^Thumbs\.db$|^desktop\.ini$|^\.(vscode|idea|cache|git|clangd|gitkeep|directory)$|Zone\.Identifier$/;

export function isLeftover(name: string): boolean {
  return leftover.test(name);
}
