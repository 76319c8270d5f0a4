package schema_test

import "strings"

func labels(d document) []string {
	return d.each(labelled, func(n node) string {
		title, about := wording(n.body, "x-ms-summary"), wording(n.body, "description")
		switch {
		case n.body["$ref"] != nil:
			return ""
		case n.isContainer():
			return when(title != "" || about == "", "holds others: it needs a description, and no title")
		}
		return when(len(title) > 80 || !titleCase.MatchString(title) || !strings.HasSuffix(about, "."), "is %q: %q", title, about)
	})
}

// modelsListed checks that every input named model is a drop-down, in both ways, filled from what an answer has.
func modelsListed(d document) []string {
	return d.each([]role{parameter, property}, func(n node) string {
		if name := n.place[strings.LastIndexAny(n.place, ". ")+1:]; name != "model" || strings.Contains(n.place, " 200") {
			return ""
		}
		values, entries := members(n.body["x-ms-dynamic-values"]), members(n.body["x-ms-dynamic-list"])
		if d.silent {
			return when(values != nil || entries != nil, "is listed by nothing")
		}
		source := d.find(wording(values, "operationId"))
		held := members(dig(source, "responses", "200", "schema", "properties", wording(values, "value-collection"), "items", "properties"))
		return when(held[wording(values, "value-path")] == nil || held[wording(values, "value-title")] == nil ||
			entries["operationId"] != values["operationId"] || entries["itemsPath"] != values["value-collection"] ||
			entries["itemValuePath"] != values["value-path"] || entries["itemTitlePath"] != values["value-title"], "is not listed")
	})
}
