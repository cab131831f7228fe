/**
 * A package of this folder's own install. It is imported by a name that no tool sees: the checks of the project find
 * only what the project's install brings.
 * @param {string} name
 */
export async function load(name) {
  return import(name);
}
