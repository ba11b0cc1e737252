// Reads what report/packing.py packed: base64, deflated, JSON. DecompressionStream: https://developer.mozilla.org/docs/Web/API/DecompressionStream

/** The text that packing.deflated made of a text. */
function inflated(packed) {
  const binary = atob(packed);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
}

const unpacked = async (packed) => JSON.parse(await inflated(packed));

/** A column of packing.Table with its values complete: {values, numbers}. */
function column({ values, numbers, items }) {
  return {
    values: items ? values.map((list) => list.map((i) => items[i])) : values,
    numbers: numbers ? Uint32Array.from(numbers) : Uint32Array.from(values, (_, i) => i),
  };
}
