/**
 * Turns the icons of lucide into plain markup while the page is built: theirs assemble every attribute and path anew for each
 * icon on the screen, which for a dozen icons costs a first picture as much as half of its rows.
 * Absent on purpose: attributes beyond size, stroke width, class and label, which are all that the app sets.
 */
import type { Plugin } from "vite";

const ICON = /@lucide\/svelte\/dist\/icons\/[\w-]+\.svelte(\?|$)/;
const DATA = /const iconData = (\{.*\});/;

interface IconData {
  name: string;
  node: [string, Record<string, string>][];
}

export function plainIcons(): Plugin {
  return {
    name: "plain-icons",
    enforce: "pre",
    transform(source, id) {
      if (!ICON.test(id)) return;
      const data = DATA.exec(source)?.[1];
      if (data === undefined) throw new Error(`${id} is not written as lucide writes its icons`);
      return { code: component(JSON.parse(data) as IconData), map: null };
    },
  };
}

function component({ name, node }: IconData): string {
  const attributes = (of: Record<string, string>): string =>
    Object.entries(of).reduce((text, [key, value]) => `${text} ${key}="${value}"`, "");
  const shapes = node.map(([tag, of]) => `<${tag}${attributes(of)} />`).join("");
  return `<script>
  let { size = 24, strokeWidth = 2, class: own = "", "aria-label": label = undefined } = $props();
</script>
<svg class="lucide lucide-${name} {own}" width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor"
  stroke-width={strokeWidth} stroke-linecap="round" stroke-linejoin="round" role={label && "img"} aria-label={label}
  aria-hidden={label ? undefined : "true"}>${shapes}</svg>
`;
}
