/*
 * The page's policy allows style elements with its nonce only, and a new one with every response.
 * Monaco writes its themes into style elements, and dialogs one that keeps the page from scrolling: they get it here.
 */

const { nonce } = document.querySelector("meta[nonce]");
const create = document.createElement.bind(document);

document.createElement = (...named) => {
  const element = create(...named);
  if (element instanceof HTMLStyleElement) element.nonce = nonce;
  return element;
};
