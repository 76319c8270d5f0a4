package schema_test

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// definitionRules are the rules of custom connectors for the swagger, by what they ask for
// (contract/connector-conventions.md sections 2 to 5 and 9).
var definitionRules = map[string]rule{
	"swagger 2.0": {
		func(d document) []string { return one(when(d.root["swagger"] != "2.0", "is %v", d.root["swagger"])) },
		[]string{`"swagger": "2.0"`, `"swagger": "3.0"`},
	},
	"the order of keys":      {keyOrder, []string{`"swagger": "2.0",`, `"basePath": "/api", "swagger": "2.0",`, `"swagger": "2.0",`, `"other": 1, "swagger": "2.0",`}},
	"four spaces, no others": {layout, []string{"\n    \"info\"", "\n   \"info\"", "\"info\"", "\t\"info\"", "\"info\": {\n", "\"info\": { \n"}},
	"it stays small": {
		func(d document) []string {
			return one(when(len(d.text) > 256<<10 || len(d.operations()) > 256, "%d bytes", len(d.text)))
		},
		[]string{`"version": "1.0"`, `"version": "` + strings.Repeat("1", 256<<10) + `"`},
	},
	"one body of JSON in and out": {
		func(d document) []string {
			got := append(slices.Clone(array(d.root["consumes"])), array(d.root["produces"])...)
			return one(when(!slices.Equal(got, []any{"application/json", "application/json"}), "got %v", got))
		},
		[]string{"\"application/json\"", "\"application/xml\""},
	},
	"https": {
		func(d document) []string {
			return one(when(!slices.Equal(array(d.root["schemes"]), []any{"https"}), "got %v", d.root["schemes"]))
		},
		[]string{`"https"`, `"http"`},
	},
	"only keywords that every importer reads": {
		func(d document) []string {
			return d.each(schemas, func(n node) string {
				for _, keyword := range sortedNames(n.body) {
					if !slices.Contains(keywords, keyword) {
						return "has " + keyword
					}
				}
				return ""
			})
		},
		[]string{
			`"minItems": 1`, `"allOf": []`, `"minItems": 1`, `"oneOf": []`, `"minItems": 1`, `"anyOf": []`, `"minItems": 1`, `"not": {}`,
			`"minItems": 1`, `"if": {}`, `"minItems": 1`, `"nullable": true`, `"minItems": 1`, `"discriminator": "x"`, `"minItems": 1`, `"x-ms-enum": {}`,
		},
	},
	"nothing beside a reference": {
		func(d document) []string {
			return d.each(schemas, func(n node) string { return when(n.body["$ref"] != nil && len(n.body) > 1, "has more than $ref") })
		},
		[]string{`"$ref": "#/definitions/Error"`, `"$ref": "#/definitions/Error", "description": "x"`},
	},
	"references that lead somewhere, and to no other": {
		func(d document) []string {
			return d.each(schemas, func(n node) string {
				reference, given := n.body["$ref"].(string)
				name, _ := strings.CutPrefix(reference, "#/definitions/")
				switch {
				case !given:
					return ""
				case dig(d.root, "definitions", name) == nil:
					return "refers to nothing"
				}
				return when(strings.Contains(n.place, name), "is recursive")
			})
		},
		[]string{`#/definitions/Error`, `#/definitions/Errors`, `"type": "object",
            "required": [
                "error"
            ],`, `"type": "object", "items": {"$ref": "#/definitions/Error"},`},
	},
	"one type each": {
		func(d document) []string {
			known := []any{"string", "number", "integer", "boolean", "array", "object"}
			return d.each(typed, func(n node) string {
				kind := n.body["type"]
				switch {
				case n.body["$ref"] != nil:
					return ""
				case kind == "array" && n.body["items"] == nil:
					return "has no items"
				}
				return when(!isOneOf(known, kind), "has type %v", kind)
			})
		},
		[]string{`"type": "boolean"`, `"type": ["boolean", "null"]`, `"type": "boolean"`, `"x-a": 1`, `"type": "boolean"`, `"type": "array"`},
	},
	"known formats": {
		func(d document) []string {
			known := strings.Fields("int32 int64 float double byte binary date date-time password date-no-tz email html uri uuid")
			return d.each(typed, func(n node) string {
				format := n.body["format"]
				return when(format != nil && !slices.Contains(known, wording(n.body, "format")), "has format %v", format)
			})
		},
		[]string{`"format": "int64"`, `"format": "unixtime"`},
	},
	"parameters that importers take": {
		func(d document) []string {
			return d.each([]role{parameter}, func(n node) string {
				return when(strings.EqualFold(wording(n.body, "name"), "Authorization") || !slices.Contains([]string{"query", "header"}, wording(n.body, "in")) ||
					n.body["deprecated"] != nil, "is in %v", n.body["in"])
			})
		},
		[]string{`"name": "api-version"`, `"name": "authorization"`, `"in": "header"`, `"in": "cookie"`, `"in": "header"`, `"in": "header", "deprecated": true`},
	},
	"a body that is one object": {
		func(d document) []string {
			return d.each([]role{bodyParameter}, func(n node) string {
				return when(n.body["name"] != "body" || n.body["required"] != true || dig(n.body, "schema", "type") != "object", "is no such")
			})
		},
		[]string{`"name": "body"`, `"name": "Body"`, "\"in\": \"body\",\n                        \"required\": true", `"in": "body"`},
	},
	"names that do not meet": {namesMeet, []string{`"name": "api-version"`, `"name": "Messages"`}},
	"paths that differ": {
		func(d document) (complaints []string) {
			paths := sortedNames(d.root["paths"])
			for i, path := range paths {
				if strings.Contains(path, "?") || slices.ContainsFunc(paths[:i], func(p string) bool { return strings.EqualFold(p, path) }) {
					complaints = append(complaints, path)
				}
			}
			return complaints
		},
		[]string{`"/info"`, `"/info?x"`, `"/info"`, `"/Models"`},
	},
	"exact answers": {exactAnswers, []string{`"424"`, `"default"`, `"429"`, `"409"`, `"$ref": "#/definitions/Error"`, ``, `"200"`, `"202"`}},
}

// keywords are those that a schema may have.
var keywords = strings.Fields(`$ref type format items properties required enum default description minimum maximum minLength maxLength
	minItems maxItems pattern x-nullable x-ms-summary x-ms-visibility x-ms-enum-values x-ms-dynamic-values x-ms-dynamic-list`)

func isOneOf(known []any, value any) bool {
	return slices.ContainsFunc(known, func(k any) bool { s, ok := value.(string); return ok && k == s })
}

var topLevel = regexp.MustCompile(`(?m)^    "([^"]+)"`)

func keyOrder(d document) []string {
	want := strings.Fields("swagger info host basePath schemes consumes produces paths definitions securityDefinitions security x-ms-capabilities x-ms-connector-metadata")
	var got []string
	for _, found := range topLevel.FindAllStringSubmatch(d.text, -1) {
		got = append(got, found[1])
	}
	if d.silent {
		want = slices.DeleteFunc(want, func(name string) bool { return name == "x-ms-capabilities" })
	}
	return one(when(!slices.Equal(got, want) || len(d.root) != len(want), "got %v", got))
}

func layout(d document) (complaints []string) {
	for line := range strings.SplitSeq(strings.TrimSuffix(d.text, "\n"), "\n") {
		indent := len(line) - len(strings.TrimLeftFunc(line, unicode.IsSpace))
		if indent%4 != 0 || strings.Contains(line, "\t") || strings.TrimRight(line, " ") != line {
			complaints = append(complaints, line)
		}
	}
	return complaints
}

func namesMeet(d document) []string {
	return d.eachOperation(func(o operation) string {
		var names []string
		for _, p := range array(o.body["parameters"]) {
			if wording(p, "in") != "body" {
				names = append(names, strings.ToLower(wording(p, "name")))
				continue
			}
			for _, name := range sortedNames(dig(p, "schema", "properties")) {
				names = append(names, strings.ToLower(name))
			}
		}
		slices.Sort(names)
		return when(len(slices.Compact(slices.Clone(names))) < len(names), "has a name twice: %v", names)
	})
}

func exactAnswers(d document) []string {
	want := strings.Fields("200 400 401 404 413 422 424 429 500 502 503 504")
	return d.eachOperation(func(o operation) string {
		for _, status := range sortedNames(o.body["responses"]) {
			if len(members(dig(o.body, "responses", status, "schema"))) == 0 || dig(o.body, "responses", status, "description") == nil {
				return status + " says nothing"
			}
		}
		got := sortedNames(o.body["responses"])
		return when(!slices.Equal(got, want), "answers %v", got)
	})
}
