// The API's documentation, drawn from openapi.json, in English as that is; what answers say in
// Chinese stands beside it. Knows no route by name; puts text in as text.

function element(tag, text = "", attributes = {}) {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

// A paragraph in which words between backticks are code.
function paragraph(text, attributes = {}) {
  const made = element("p", "", attributes);
  text.split("`").forEach((part, position) => {
    made.append(position % 2 ? element("code", part) : part);
  });
  return made;
}

function table(head, rows, idOf = () => "") {
  const made = element("table");
  const row = (cells, tag) => {
    const line = element("tr");
    for (const cell of cells) {
      const made = element(tag);
      made.append(cell);
      line.append(made);
    }
    return line;
  };
  made.append(row(head, "th"));
  for (const cells of rows) {
    const line = row(cells, "td");
    const id = idOf(cells);
    if (id) line.id = id;
    made.append(line);
  }
  return made;
}

function resolve(spec, schema) {
  if (!schema || !schema.$ref) return schema || {};
  return schema.$ref.slice(2).split("/").reduce((part, key) => part[key], spec);
}

function typeName(spec, schema) {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").pop();
  const choices = schema.anyOf || schema.oneOf;
  if (choices) return choices.map((choice) => typeName(spec, choice)).join(" | ");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.type === "array") {
    const items = schema.items || (schema.prefixItems || [])[0];
    return `[${typeName(spec, items)}]`;
  }
  return schema.format ? `${schema.type} (${schema.format})` : schema.type || "any";
}

function meaning(schema) {
  const found = [];
  const parts = [schema, ...(schema.anyOf || [])];
  for (const part of parts) {
    if (part.description) found.push(part.description);
    if (part.minimum !== undefined) found.push(`≥ ${part.minimum}`);
    if (part.maximum !== undefined) found.push(`≤ ${part.maximum}`);
    if (part.maxLength !== undefined) found.push(`≤ ${part.maxLength} characters`);
    if (part.maxItems !== undefined) found.push(`≤ ${part.maxItems} items`);
  }
  if (schema.default !== undefined && schema.default !== null) {
    found.push(`= ${JSON.stringify(schema.default)}`);
  }
  return found.join("; ");
}

// Every object type that a schema leads to, each once, the schema itself first.
function objectsOf(spec, schema, seen = new Map()) {
  if (!schema) return seen;
  const name = schema.$ref ? schema.$ref.split("/").pop() : "";
  if (name && seen.has(name)) return seen;
  const whole = resolve(spec, schema);
  if (name && whole.properties) seen.set(name, whole);
  const inner = [
    ...Object.values(whole.properties || {}), ...(whole.anyOf || []), ...(whole.oneOf || []),
    ...(whole.prefixItems || []), whole.items,
  ];
  for (const part of inner) objectsOf(spec, part, seen);
  return seen;
}

function schemaTables(spec, schema) {
  const drawn = [];
  for (const [name, whole] of objectsOf(spec, schema)) {
    drawn.push(element("h3", name));
    const rows = Object.entries(whole.properties).map(([field, part]) => [
      field, typeName(spec, part), (whole.required || []).includes(field) ? "yes" : "",
      meaning(part),
    ]);
    drawn.push(table(["Field", "Type", "Required", "Meaning"], rows));
  }
  return drawn;
}

function example(method, path, body) {
  const address = new URL(path.slice(1), document.baseURI).href;
  if (!body) return `curl ${address}`;
  return `curl ${address} -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`;
}

const jsonSchema = (holder) => holder?.content?.["application/json"]?.schema;

function operation(spec, path, method, described) {
  const made = element("section");
  const heading = element("h2", "", { id: described.operationId });
  heading.append(element("span", method.toUpperCase(), { class: "method" }), ` ${path}`);
  made.append(heading, paragraph(described.description || described.summary, {
    class: "description",
  }));
  if (described.parameters?.length) {
    made.append(element("h3", "Parameters"));
    made.append(table(["Field", "Type", "Required", "Meaning"],
      described.parameters.map((parameter) => [
        parameter.name, typeName(spec, parameter.schema), parameter.required ? "yes" : "",
        [parameter.description, meaning({ ...parameter.schema, description: "" })]
          .filter(Boolean).join("; "),
      ])));
  }
  const asked = jsonSchema(described.requestBody);
  if (asked) made.append(element("h3", "Request body"), ...schemaTables(spec, asked));
  const answer = described.responses?.["200"];
  if (answer) {
    made.append(element("h3", "Response"), paragraph(answer.description));
    made.append(...schemaTables(spec, jsonSchema(answer)));
  }
  const body = asked && resolve(spec, asked).examples?.[0];
  made.append(element("h3", "Example"), element("pre", example(method, path, body)));
  return made;
}

async function load(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.json();
}

async function draw() {
  const [spec, known] = await Promise.all([load("openapi.json"), load("docs/problems.json")]);
  document.title = `${spec.info.title} API`;
  document.getElementById("title").textContent = `${spec.info.title} API ${spec.info.version}`;
  document.getElementById("description").replaceWith(
    paragraph(spec.info.description, { class: "description" }));
  for (const [path, methods] of Object.entries(spec.paths)) {
    for (const [method, described] of Object.entries(methods)) {
      document.getElementById("contents").append(
        element("a", `${method.toUpperCase()} ${path}`, { href: `#${described.operationId}` }));
      document.getElementById("operations").append(operation(spec, path, method, described));
    }
  }
  const rows = known.problems.map((row) => [
    row.code, String(row.status), row.title, element("span", row.title_zh, { lang: "zh" }),
  ]);
  document.getElementById("problems").append(
    element("h2", "Problems"),
    table(["Code", "Status", "Meaning", element("span", "中文", { lang: "zh" })], rows, ([code]) => `problem-${code}`));
  // What the address points at was not there when the browser looked.
  if (location.hash) location.replace(location.hash);
}

draw().catch((error) => {
  document.getElementById("operations").append(
    element("p", `The documentation could not be loaded; reload the page (${error.message})`, { class: "failed" }));
});
