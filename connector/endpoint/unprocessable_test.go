package endpoint

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"inferenceconnector/connector"
)

// Every form of a 422 becomes the one that SDK code reads: detail[].loc and input, and the error beside it.
func TestUnprocessable(t *testing.T) {
	const item = `{"type":"extra_forbidden","loc":["body","foo"],"msg":"Extra inputs are not permitted","input":"bar","url":"https://example.com"}`
	quoted := strings.ReplaceAll(`{"detail":[`+item+`]}`, `"`, `\"`)
	for name, test := range map[string]struct {
		raw    string
		loc    []string
		kind   string
		input  any
		target string
	}{
		"form 1": {`{"status":422,"code":"parameter_not_supported","detail":{"loc":["body","response_format"],"input":"json_object"},"message":"One of the parameters contain invalid values."}`,
			[]string{"body", "response_format"}, "parameter_not_supported", "json_object", "/response_format"},
		"form 2": {`{"detail":[{"loc":["body","messages",0,"content"],"input":{"a":1}}]}`,
			[]string{"body", "messages", "0", "content"}, "parameter_not_supported", "{...}", "/messages/0/content"},
		"form 3": {`{"detail":{"loc":["response_format"],"value":"json_object"}}`,
			[]string{"body", "response_format"}, "parameter_not_supported", "json_object", "/response_format"},
		"form 4": {`{"detail":[` + item + `]}`, []string{"body", "foo"}, "extra_forbidden", "bar", "/foo"},
		"form 5": {`{"error":{"code":"Invalid input","message":"` + quoted + `","status":422}}`, []string{"body", "foo"}, "extra_forbidden", "bar", "/foo"},
		"form 5, details": {`{"error":{"code":"Invalid input","status":422,"message":"invalid input error","details":[` + item + `]}}`,
			[]string{"body", "foo"}, "extra_forbidden", "bar", "/foo"},
		"a body in the body": {`{"detail":[{"loc":["body","body"],"input":1.50}]}`, []string{"body", "body"}, "parameter_not_supported", 1.5, "/body"},
		"odd names":          {`{"detail":[{"loc":["body","a/b~c",-1,null,true]}]}`, []string{"body", "a/b~c", "-1", "<nil>", "true"}, "parameter_not_supported", nil, "/a~1b~0c/-1/<nil>/true"},
		"without input":      {`{"detail":[{"loc":["body","foo"],"type":7}]}`, []string{"body", "foo"}, "parameter_not_supported", nil, "/foo"},
		"the first one in order": {`{"detail":[5,null,{"loc":"body"},{"loc":[]},{"loc":["body"]},{"msg":"x"},` + item + `]}`,
			[]string{"body", "foo"}, "extra_forbidden", "bar", "/foo"},
	} {
		t.Run(name, func(t *testing.T) {
			response, body, read := refused(t, Config{}, 422, test.raw)
			const code = string(connector.ParameterNotSupported)
			if response.ErrorCode != connector.ParameterNotSupported || read.Error.Code != code || read.Code != code ||
				read.Status != 422 || read.Error.Status != 422 || read.Message == "" || read.Message != read.Error.Message {
				t.Fatalf("got %s", body)
			}
			if len(read.Detail) != 1 || !slices.Equal(read.Detail[0].Loc, test.loc) || read.Detail[0].Type != test.kind ||
				read.Detail[0].Input != test.input || read.Detail[0].Msg == "" {
				t.Errorf("got %s, want %v, %s, %v", body, test.loc, test.kind, test.input)
			}
			original, place := read.Error.Details[0], read.Error.Details[1]
			if read.Error.Target != test.target || place.Target != test.target || original.Message != test.raw || original.Code != "UpstreamError" {
				t.Errorf("got %s, want the place %s and the original text", body, test.target)
			}
		})
	}
}

// A 422 that tells no place still keeps its words, and has an entry for those who read detail.
func TestUnprocessableWithoutPlace(t *testing.T) {
	for name, raw := range map[string]string{
		"nothing":   "",
		"a text":    `{"detail":"no tools here"}`,
		"our own":   `{"error":{"code":"x","message":"no tools here","details":[{"code":"x","message":"m","target":"tools"}]}}`,
		"no JSON":   "no tools here",
		"odd items": `{"detail":[[],"x",{"loc":{}}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			_, body, read := refused(t, Config{}, 422, raw)
			if read.Error.Code != "parameter_not_supported" || read.Error.Message == "" ||
				len(read.Detail) != 1 || !slices.Equal(read.Detail[0].Loc, []string{"body"}) {
				t.Errorf("got %s", body)
			}
			if details := read.Error.Details; raw == "" && len(details) != 1 || raw != "" && (len(details) != 2 || details[0].Message != raw) {
				t.Errorf("got %s, want the original text", body)
			}
		})
	}
}

// At most 20 places are told, and 64 bytes of a value (S16).
func TestUnprocessableAtLength(t *testing.T) {
	var items []string
	for i := range 50 {
		items = append(items, fmt.Sprintf(`{"loc":["body",%d],"input":"%s"}`, i, strings.Repeat("é", 33)))
	}
	_, body, read := refused(t, Config{}, 422, `{"detail":[`+strings.Join(items, ",")+`]}`)
	if len(read.Detail) != 20 || len(read.Error.Details) != 21 {
		t.Fatalf("got %d and %d places: %.300s", len(read.Detail), len(read.Error.Details), body)
	}
	if input, _ := read.Detail[19].Input.(string); read.Detail[19].Loc[1] != "19" || input != strings.Repeat("é", 32) {
		t.Errorf("got %+v", read.Detail[19])
	}
}
