// @ts-check
/**
 * What is seen in an element as an SVG that stands on its own: no style sheet, no font of ours, no custom property.
 *
 * Pictures keep their elements, with the styles that are in force written into them. What is HTML (a table) is drawn
 * anew from where the browser has put it: boxes, and words. An SVG with HTML in it would be no picture elsewhere, and
 * could not be painted into a PNG.
 */

import { svg } from "../svg.mjs";

const MARGIN = 16;
const INHERITED = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "stroke-opacity",
  "font-family", "font-size", "font-style", "font-weight", "text-anchor", "dominant-baseline", "paint-order", "visibility",
]; // prettier-ignore
const OWN = { opacity: "1", "stop-color": "rgb(0, 0, 0)", "clip-path": "none", "marker-end": "none", "vector-effect": "none", transform: "none" };
const CONTROLS = "button, label, select, input, textarea, .row-tools"; // they are for the page
const UNSEEN = new Set(["defs", "pattern", "clipPath", "marker", "linearGradient", "radialGradient", "mask"]);

/** @param {HTMLElement} host @param {string} title @param {string} description @returns {SVGElement} */
export const pictureOf = (host, title, description) => {
  const scrolled = [...host.querySelectorAll("*")].filter((element) => element.scrollTop).map((element) => ({ element, top: element.scrollTop }));
  for (const { element } of scrolled) element.scrollTop = 0; // or a head that sticks would lie in the middle
  const canvas = new Canvas(host);
  canvas.element(host);
  for (const { element, top } of scrolled) element.scrollTop = top;
  const { left, top, right, bottom } = canvas.bounds;
  const [x, y] = [Math.floor(left - MARGIN), Math.floor(top - MARGIN)];
  const [width, height] = [Math.ceil(right + MARGIN) - x, Math.ceil(bottom + MARGIN) - y];
  const paper = svg("rect", { x, y, width, height, fill: backgroundOf(host) });
  const about = [svg("title", {}, title), svg("desc", {}, description)];
  return svg("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `${x} ${y} ${width} ${height}`, role: "img" }, ...about, paper, ...canvas.shapes);
};

/** The colour behind an element. @param {Element | null} element @returns {string} */
const backgroundOf = (element) => {
  if (!element) return "#ffffff";
  const { backgroundColor } = getComputedStyle(element);
  return isClear(backgroundColor) ? backgroundOf(element.parentElement) : backgroundColor;
};

const isClear = (/** @type {string} */ colour) => colour === "transparent" || /^rgba\(.*, 0\)$/.test(colour);

class Canvas {
  /** @param {Element} host */
  constructor(host) {
    const { left, top } = host.getBoundingClientRect();
    this.origin = { x: left - host.scrollLeft + host.clientLeft, y: top - host.scrollTop + host.clientTop };
    this.bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
    /** @type {SVGElement[]} */
    this.shapes = [];
    this.pen = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  }

  /** An element of the page with all that is in it. @param {Element} element */
  element(element) {
    const style = getComputedStyle(element);
    if (style.display === "none" || style.visibility === "hidden" || element.matches(CONTROLS)) return;
    if (element instanceof SVGSVGElement) return this.#picture(element);
    this.#box(element, style);
    for (const child of element.childNodes) {
      if (child instanceof Element) this.element(child);
      else if (child instanceof Text) this.#words(child, style);
    }
  }

  /** Makes room for a rectangle of the screen; returns where it is in the picture. */
  #room(/** @type {{left: number, top: number, right: number, bottom: number}} */ seen) {
    const { x, y } = this.origin;
    const box = { left: seen.left - x, top: seen.top - y, right: seen.right - x, bottom: seen.bottom - y };
    const { bounds } = this;
    bounds.left = Math.min(bounds.left, box.left);
    bounds.top = Math.min(bounds.top, box.top);
    bounds.right = Math.max(bounds.right, box.right);
    bounds.bottom = Math.max(bounds.bottom, box.bottom);
    return { x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top };
  }

  #picture(/** @type {SVGSVGElement} */ root) {
    const { x, y, width, height } = root.getBBox();
    const matrix = root.getScreenCTM();
    if (!matrix || !width || !height) return;
    const [a, b] = [new DOMPoint(x, y).matrixTransform(matrix), new DOMPoint(x + width, y + height).matrixTransform(matrix)];
    this.#room({ left: a.x, top: a.y, right: b.x, bottom: b.y });
    const group = svg("g", { transform: `matrix(${matrix.a} ${matrix.b} ${matrix.c} ${matrix.d} ${matrix.e - this.origin.x} ${matrix.f - this.origin.y})` });
    const style = getComputedStyle(root);
    for (const property of INHERITED) group.setAttribute(property, plain(style.getPropertyValue(property)));
    group.append(...[...root.childNodes].flatMap((child) => styled(child, style, false)));
    this.shapes.push(group);
  }

  /** What a box of HTML shows of itself: background, borders, and rings within. */
  #box(/** @type {Element} */ element, /** @type {CSSStyleDeclaration} */ style) {
    const seen = element.getBoundingClientRect();
    const rx = parseFloat(style.borderTopLeftRadius) || 0;
    if (!isClear(style.backgroundColor) && !element.matches(".scene")) this.shapes.push(svg("rect", { ...this.#room(seen), rx, fill: style.backgroundColor }));
    const around = parseFloat(style.borderTopWidth);
    if (rx && around) this.#ring(seen, around / 2, { stroke: style.borderTopColor, "stroke-width": around, rx, ...(style.borderTopStyle === "dashed" ? { "stroke-dasharray": "5 4" } : {}) });
    else for (const [side, x1, y1, x2, y2] of sidesOf(seen)) {
      const width = parseFloat(style.getPropertyValue(`border-${side}-width`));
      if (!width || style.getPropertyValue(`border-${side}-style`) === "none") continue;
      const line = this.#room({ left: x1, top: y1, right: x2, bottom: y2 });
      this.shapes.push(svg("line", { x1: line.x, y1: line.y, x2: line.x + line.width, y2: line.y + line.height, stroke: style.getPropertyValue(`border-${side}-color`), "stroke-width": width }));
    }
    const ring = /^(rgba?\([^)]*\)) 0px 0px 0px ([\d.]+)px inset$/.exec(style.boxShadow);
    if (ring && !isClear(ring[1])) this.#ring(seen, Number(ring[2]) / 2, { stroke: ring[1], "stroke-width": ring[2] });
    const after = getComputedStyle(element, "::after");
    if (after.borderTopStyle === "dashed") this.#ring(seen, parseFloat(after.top), { stroke: after.borderTopColor, "stroke-width": 1.2, "stroke-dasharray": "5 4", rx: 6, opacity: after.opacity }, parseFloat(after.left));
    if (element.localName === "mfrac") this.#bar(element, style);
  }

  #ring(/** @type {DOMRect} */ { left, top, right, bottom }, /** @type {number} */ by, /** @type {Record<string, string | number>} */ look, aside = by) {
    this.shapes.push(svg("rect", { ...this.#room({ left: left + aside, top: top + by, right: right - aside, bottom: bottom - by }), fill: "none", ...look }));
  }

  /** The bar of a fraction. */
  #bar(/** @type {Element} */ fraction, /** @type {CSSStyleDeclaration} */ { color }) {
    const { left, right } = fraction.getBoundingClientRect();
    const [above, below] = [...fraction.children].map((part) => part.getBoundingClientRect());
    const y = (above.bottom + below.top) / 2;
    const line = this.#room({ left, top: y, right, bottom: y });
    this.shapes.push(svg("line", { x1: line.x, y1: line.y, x2: line.x + line.width, y2: line.y, stroke: color, "stroke-width": 1 }));
  }

  /** Word by word, since a line may be broken anywhere. */
  #words(/** @type {Text} */ node, /** @type {CSSStyleDeclaration} */ style) {
    this.pen.font = style.font;
    const below = this.pen.measureText("x").fontBoundingBoxDescent;
    const range = document.createRange();
    for (const { 0: word, index } of node.data.matchAll(/\S+/g)) {
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const seen = range.getBoundingClientRect();
      if (!seen.width) continue;
      const { x, y, height } = this.#room(seen);
      const leans = style.fontStyle === "italic" || (node.parentElement?.localName === "mi" && [...word].length === 1);
      const font = { "font-family": style.fontFamily, "font-size": style.fontSize, "font-weight": style.fontWeight, "font-style": leans ? "italic" : "normal" };
      this.shapes.push(svg("text", { x, y: y + height - below, fill: style.color, ...font }, word));
    }
  }
}

/** @param {DOMRect} box @returns {[string, number, number, number, number][]} */
const sidesOf = ({ left, top, right, bottom }) => [
  ["top", left, top, right, top],
  ["right", right, top, right, bottom],
  ["bottom", left, bottom, right, bottom],
  ["left", left, top, left, bottom],
];

/** A copy of what is drawn, with the styles that are in force; nothing of what isn't seen. @param {Node} node @param {CSSStyleDeclaration} above @param {boolean} unseen whether it is drawn by others only, as a pattern is @returns {Node[]} */
const styled = (node, above, unseen) => {
  if (!(node instanceof SVGElement)) return node instanceof Text ? [node.cloneNode()] : [];
  const style = getComputedStyle(node);
  const aside = unseen || UNSEEN.has(node.localName);
  if (style.display === "none" && !aside) return [];
  const copy = /** @type {SVGElement} */ (node.cloneNode());
  for (const { name } of [...copy.attributes]) if (!isGeometry(name)) copy.removeAttribute(name);
  for (const property of INHERITED) {
    const value = style.getPropertyValue(property);
    if (value !== above.getPropertyValue(property)) copy.setAttribute(property, plain(value));
  }
  for (const [property, usual] of Object.entries(OWN)) {
    const value = style.getPropertyValue(property);
    if (value && value !== usual && !copy.hasAttribute(property)) copy.setAttribute(property, plain(value));
  }
  copy.append(...[...node.childNodes].flatMap((child) => styled(child, style, aside)));
  return [copy];
};

const LOOK = new Set([...INHERITED, "class", "style", "role", "tabindex", "opacity"]);
const isGeometry = (/** @type {string} */ name) => !LOOK.has(name) && !/^(data|aria)-/.test(name);

/** `url("#hatch")` and mixed colours without what other programs stumble over. @param {string} value */
const plain = (value) => value.replace(/url\("[^"#]*(#[^"]*)"\)/g, "url($1)").replace(/color\(srgb ([^)]*)\)/g, (_, parts) => `rgb(${parts.split(" ").slice(0, 3).map((/** @type {string} */ part) => Math.round(Number(part) * 255)).join(", ")})`);
