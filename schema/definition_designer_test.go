package schema_test

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// designerRules are the rules for what people see: names, titles and texts, what is hidden and what is listed.
var designerRules = map[string]rule{
	"who it is": {whoItIs, []string{
		`"title": "Model Inference"`, `"title": "Model Connector"`, `"title": "Model Inference"`, `"title": "Inference for Power Apps"`,
		`"title": "Model Inference"`, `"title": "` + strings.Repeat("M", 31) + `"`,
		`"description": "Puts`, `"description": "An API that puts`, `"description": "Puts`, `"description": "Puts  `, `"description": "Puts`, `"description": "", "x": "`,
		`"email": "support@example.com"`, `"email": ""`, `"version": "1.0"`, `"version": ""`,
	}},
	"where to read about it": {
		func(d document) []string {
			var got []string
			for _, entry := range array(d.root["x-ms-connector-metadata"]) {
				if wording(entry, "propertyValue") != "" {
					got = append(got, wording(entry, "propertyName"))
				}
			}
			return one(when(!slices.Equal(got, []string{"Website", "Privacy policy", "Categories"}), "got %v", got))
		},
		[]string{`"Privacy policy"`, `"Privacy"`, `"propertyValue": "AI"`, `"propertyValue": ""`},
	},
	"names of operations": {
		func(d document) []string {
			pascal, seen := regexp.MustCompile(`^(Get|List)([A-Z]+[a-z0-9]*)+$`), map[string]bool{}
			return d.eachOperation(func(o operation) string {
				id := wording(o.body, "operationId")
				again := seen[id]
				seen[id] = true
				return when(!pascal.MatchString(id) || again, "is %q", id)
			})
		},
		[]string{`"operationId": "GetEmbeddings"`, `"operationId": "getEmbeddings"`, `"operationId": "GetEmbeddings"`, `"operationId": "GetModelInfo"`,
			`"operationId": "GetEmbeddings"`, `"operationId": "Get-Embeddings"`},
	},
	"words of operations": {
		func(d document) []string {
			return d.eachOperation(func(o operation) string {
				short, long := wording(o.body, "summary"), wording(o.body, "description")
				last := ' '
				for _, last = range short {
				}
				return when(len(short) > 80 || strings.Contains(short, "/") || !unicode.IsLetter(last) && !unicode.IsDigit(last) ||
					!regexp.MustCompile(`^[A-Z][a-z]+( [a-z]+| JSON)*$`).MatchString(short) || !strings.HasSuffix(long, ".") || long == short, "%q: %q", short, long)
			})
		},
		[]string{`"summary": "Get embeddings"`, `"summary": "Get Embeddings"`, `"summary": "Get embeddings"`, `"summary": "Get embeddings."`,
			`"summary": "Get embeddings"`, `"summary": "Get text/embeddings"`, `that can be compared."`, `that can be compared"`},
	},
	"labels": {labels, []string{
		`"x-ms-summary": "Temperature"`, `"x-a": 1`, `"x-ms-summary": "Temperature"`, `"x-ms-summary": "sampling temperature"`,
		`"x-ms-summary": "Retry After"`, `"x-a": 1`, `"x-ms-summary": "Message Content"`, `"x-a": 1`,
		`"description": "Who speaks."`, `"x-a": 1`, `"description": "Who speaks."`, `"description": "Who speaks"`, `"x-ms-summary": "Body"`, `"x-a": 1`,
		`"description": "Form of the reply."`, `"description": "Form of the reply.", "x-ms-summary": "Response Format"`,
	}},
	"a whole body has no title, which would stand before all others": {
		func(d document) []string {
			return d.each([]role{top}, func(n node) string { return when(n.body["x-ms-summary"] != nil, "has one") })
		},
		[]string{"\"schema\": {", "\"schema\": {\n\"x-ms-summary\": \"Body\","},
	},
	"titles read well behind those of their parents": {
		func(d document) []string {
			return d.each([]role{property}, func(n node) string {
				whole := strings.Join(append(slices.Clone(n.above), wording(n.body, "x-ms-summary")), " ")
				words := folded(whole)
				slices.Sort(words)
				return when(len(slices.Compact(words)) < len(strings.Fields(whole)) || len(whole) > 80 || n.body["title"] != nil, "reads %q", whole)
			})
		},
		[]string{`"x-ms-summary": "Role"`, `"x-ms-summary": "Message Role"`, `"x-ms-summary": "Stop"`, `"x-ms-summary": "Stop", "title": "Stop"`,
			`"x-ms-summary": "Stop"`, `"x-ms-summary": "Stop` + strings.Repeat(" A", 80) + `"`},
	},
	"extensions that are known": {
		func(d document) (complaints []string) {
			for _, found := range regexp.MustCompile(`(?m)^ +"(x-[^"]+)": `).FindAllStringSubmatch(d.text, -1) {
				if !slices.Contains(extensions, found[1]) && !slices.Contains(complaints, found[1]) {
					complaints = append(complaints, found[1])
				}
			}
			return complaints
		},
		[]string{`"x-ms-no-generic-test"`, `"x-ms-safe-operation"`, `"x-ms-visibility"`, `"x-send-default"`},
	},
	"what is hidden fills itself": {
		func(d document) []string {
			known := []any{nil, "important", "advanced", "internal"}
			return append(d.each([]role{parameter, property}, func(n node) string {
				shown := n.body["x-ms-visibility"]
				return when(!slices.Contains(known, shown) || shown == "internal" && n.body["default"] == nil, "is %v", shown)
			}), d.eachOperation(func(o operation) string {
				return when(!slices.Contains(known, o.body["x-ms-visibility"]), "is %v", o.body["x-ms-visibility"])
			})...)
		},
		[]string{`"default": "2024-05-01-preview"`, `"x-a": 1`, `"x-ms-visibility": "advanced"`, `"x-ms-visibility": "normal"`},
	},
	"the version is hidden": {
		func(d document) []string {
			return d.eachOperation(func(o operation) string {
				for _, p := range array(o.body["parameters"]) {
					if wording(p, "name") == "api-version" {
						return when(wording(p, "x-ms-visibility") != "internal" || wording(p, "default") == "", "shows it")
					}
				}
				return "has none"
			})
		},
		[]string{`"name": "api-version"`, `"name": "version"`, `"x-ms-visibility": "internal"`, `"x-ms-visibility": "advanced"`},
	},
	"every choice has a label": {
		func(d document) []string {
			return d.each([]role{parameter, property}, func(n node) string {
				labelled := array(n.body["x-ms-enum-values"])
				for i, value := range array(n.body["enum"]) {
					if len(labelled) > 0 && (dig(labelled, i, "value") != value || wording(dig(labelled, i), "displayName") == "") {
						return "lacks one"
					}
				}
				return when(len(labelled) > len(array(n.body["enum"])), "has one too many")
			})
		},
		[]string{`"value": "drop"`, `"value": "omit"`, `"displayName": "Ignore them"`, `"displayName": ""`, `"drop",`, ``},
	},
	"models are listed": {modelsListed, []string{`"x-ms-dynamic-list"`, `"x-ms-dynamic-lists"`, `"x-ms-dynamic-values"`, `"x-other"`, `"itemsPath": "value"`, `"itemsPath": "values"`,
		`"value-title": "displayName"`, `"value-title": "name"`, `"operationId": "ListModels"`, `"operationId": "ListDeployments"`}},
	"the key is tried": {
		func(d document) []string {
			id := wording(dig(d.root, "x-ms-capabilities", "testConnection"), "operationId")
			return one(when(!d.silent && dig(d.find(id), "x-ms-visibility") != "internal", "by %q", id))
		},
		[]string{"\"testConnection\": {\n            \"operationId\": \"ListModels\"", "\"testConnection\": {\n            \"operationId\": \"GetModels\""},
	},
	"one key": {
		func(d document) []string {
			key := dig(d.root, "securityDefinitions", "api_key")
			return one(when(wording(key, "type") != "apiKey" || wording(key, "in") != "header" || dig(d.root, "security", 0, "api_key") == nil, "got %v", key))
		},
		[]string{`"type": "apiKey"`, `"type": "basic"`, "\"in\": \"header\",\n            \"name\": \"api-key\"", `"in": "query", "name": "api-key"`, "\"security\": [", "\"security\": [], \"x\": ["},
	},
	"no test costs money": {
		func(d document) []string {
			return d.eachOperation(func(o operation) string {
				return when(o.method == "post" && o.body["x-ms-no-generic-test"] != true, "may be tested")
			})
		},
		[]string{`"x-ms-no-generic-test": true`, `"x-ms-no-generic-test": false`},
	},
}

// extensions are those that mean something to a product.
var extensions = strings.Fields(`x-nullable x-ms-summary x-ms-visibility x-ms-enum-values x-ms-dynamic-values x-ms-dynamic-list
	x-ms-no-generic-test x-ms-capabilities x-ms-connector-metadata`)

func (d document) find(id string) map[string]any {
	for _, o := range d.operations() {
		if wording(o.body, "operationId") == id && o.method == "get" {
			return o.body
		}
	}
	return nil
}

var (
	productNames = regexp.MustCompile(`(?i)\b(API|Power Apps|Power Automate|Power Platform|Logic Apps|Copilot Studio|Connector)\b|  `)
	titleCase    = regexp.MustCompile(`^[A-Z][A-Za-z]*( [A-Z][A-Za-z]*| of| or| and)*$`)
)

func whoItIs(d document) (complaints []string) {
	info := d.root["info"]
	for name, longest := range map[string]int{"title": 30, "description": 500} {
		if t := wording(info, name); len(t) > longest || productNames.MatchString(t) || len(t) < longest/17 {
			complaints = append(complaints, name+" is "+t)
		}
	}
	for _, name := range []string{"name", "url", "email"} {
		if wording(members(info)["contact"], name) == "" {
			complaints = append(complaints, "no "+name)
		}
	}
	return append(complaints, one(when(wording(info, "version") == "", "no version"))...)
}
