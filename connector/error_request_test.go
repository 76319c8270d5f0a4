package connector_test

import (
	"testing"

	"inferenceconnector/connector"
)

func TestWithRequestID(t *testing.T) {
	const id = `{"code":"RequestId","message":"7"}`
	for name, test := range map[string]struct{ body, want string }{
		"no details":       {`{"error":{"code":"A","message":"m"}}`, `{"error":{"code":"A","message":"m","details":[` + id + `]}}`},
		"null":             {`{"error":{"code":"A","details":null}}`, `{"error":{"code":"A","details":[` + id + `]}}`},
		"a list":           {`{"error":{"code":"A","details":[{"x":1.0}],"y":2}}`, `{"error":{"code":"A","details":[{"x":1.0},` + id + `],"y":2}}`},
		"a text":           {`{"error":{"code":"A","details":"<why>"}}`, `{"error":{"code":"A","details":[{"code":"B","message":"<why>"},` + id + `]}}`},
		"an object":        {`{"error":{"code":"A","details":{"x":1}}}`, `{"error":{"code":"A","details":[{"x":1},` + id + `]}}`},
		"no code":          {`{"error":{"message":"m"}}`, `{"error":{"message":"m","code":"B","details":[` + id + `]}}`},
		"a code of null":   {`{"error":{"code":null}}`, `{"error":{"code":"B","details":[` + id + `]}}`},
		"a number":         {`{"error":{"code":429}}`, `{"error":{"code":"429","details":[` + id + `]}}`},
		"more at the root": {`{"error":{"code":"A"}, "status": 422 ,"a":[1.50]}`, `{"error":{"code":"A","details":[` + id + `]},"status": 422 ,"a":[1.50]}`},
		"no error object":  {`{"error":"no"}`, `{"error":"no"}`},
		"no JSON":          {`no`, `no`},
	} {
		if got := string(connector.WithRequestID([]byte(test.body), "B", "7")); got != test.want {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
	}
	if got := string(connector.WithRequestID([]byte(`{"error":{"code":"A"}}`), "B", "")); got != `{"error":{"code":"A"}}` {
		t.Errorf("without an id: got %s", got)
	}
}
