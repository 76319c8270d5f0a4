package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// A difference is a case whose call a platform changes or refuses before the program sees it. The sections
// behind its request are replaced by what comes of that.
type difference struct {
	name     string // of the case
	where    string // the beginning of the platform's names
	reason   string
	sections string
}

// differences are all of them: every other case passes as it is, on every host.
var differences = []difference{
	{"api-version-twice", "Functions, forwarded", "the values of a name that comes twice are joined",
		refusedFor("UnsupportedApiVersion", "api-version",
			`api-version must be a date such as 2024-05-01-preview or 2025-04-01, not \"2025-04-01,2024-05-01-preview\".`)},
	{"azure-form-dots", "Functions", "the server resolves dots before it routes", `-- reply --
404
Content-Type: application/json
X-Content-Type-Options: nosniff
X-Ms-Error-Code: NotFound
X-Ms-Request-Id: *

{"error":{"code":"NotFound","message":"There is no such route. Known: GET /info, GET /models, POST /chat/completions, POST /chat/reply, POST /completions, POST /embeddings, POST /images/embeddings, POST /json/chat/completions; for OpenAI's clients below /v1 and /openai/deployments/NAME."}}
`},
	{"content-encoding-gzip", "Functions, forwarded", "Content-Encoding is dropped, and this body has none", sentOn},
	{"content-encoding-second", "Functions, forwarded", "Content-Encoding is dropped, and this body has none", sentOn},
	{"extra-twice", "Functions, forwarded", joinedByClient, refusedTwice},
	{"extra-twice", "Functions, proxied", joinedByClient, refusedTwice},
	{"json-byte-order-mark", "Functions, invocation", "the body travels as text, from which the host took the mark", sentOn},
	{"json-invalid-utf-8", "Functions, invocation", "the body travels as text, in which bytes that are not UTF-8 have become U+FFFD",
		strings.Replace(sentOn, "Capital of Peru?", "Per\ufffd", 1)},
	{"path-dots", "Functions", "the server resolves dots before it routes", sentOn},
	{"path-doubled-slashes", "Functions", "no route has an empty segment right behind the prefix", "-- reply --\n404\n"},
	{"query-not-well-formed", "Functions, forwarded", "the query is written again, and a broken escape is taken for text", sentOn},
	{"upgrade", "Functions, proxied", "the headers of a change to h2c are dropped", `-- endpoint-request --
GET /models/info?api-version=2024-05-01-preview
Accept: application/json
Api-Key: cherry-is-the-key-of-models
User-Agent: inference-connector
X-Ms-Client-Request-Id: *
-- endpoint-reply --
200
Content-Type: application/json

{"model_name":"m","model_type":"chat-completion","model_provider_name":"p"}
-- reply --
200
Content-Type: application/json
X-Content-Type-Options: nosniff
X-Ms-Request-Id: *
X-Ratelimit-Limit-Requests: 10000
X-Ratelimit-Remaining-Requests: *

{"model_name":"m","model_type":"chat-completion","model_provider_name":"p"}
`},
	{"api-version-twice", "Lambda, ALB, single", lastValue, sentOn},
	{"auth-authorization-twice", "Lambda, ALB, single", lastValue, sentOn},
	{"auth-same-header-twice", "Lambda, ALB, single", lastValue, sentOn},
	{"brought-twice", "Lambda, ALB, single", lastValue,
		refusedFor("no_model_name", "model", "Name a model: put it in model or in the header azureml-model-deployment.")},
	{"extra-twice", "Lambda, ALB, single", lastValue, sentOn},
	{"extra-twice", "Lambda, 2.0", "an event joins the values of a repeated header by commas",
		refusedFor("InvalidRequest", "extra-parameters", `extra-parameters must be one of error, drop, pass-through, not \"drop,drop\".`)},
	{"json-invalid-utf-8", "Lambda, 1.0,", noUTF8, strings.Replace(sentOn, "Capital of Peru?", "Per\ufffd", 1)},
	{"json-invalid-utf-8", "Lambda, 2.0", noUTF8, strings.Replace(sentOn, "Capital of Peru?", "Per\ufffd", 1)},
	{"json-invalid-utf-8", "Lambda, ALB", noUTF8, strings.Replace(sentOn, "Capital of Peru?", "Per\ufffd", 1)},
	{"path-encoded-slash", "Lambda, 1.0, HTTP API", "the path arrives decoded, so its slash is like any other", sentOn},
	{"path-encoded-slash", "Lambda, 2.0, HTTP API", "the path arrives decoded, so its slash is like any other", sentOn},
	{"query-not-well-formed", "Lambda, 1.0", "the query arrives decoded, and a broken escape is taken for text", sentOn},
	{"upgrade", "Lambda, ALB", "the load balancer refuses it itself",
		"-- reply --\n400\nContent-Type: application/json\n\n{\"message\":\"Bad Request\"}\n"},
}

// Reasons for more than one difference.
const (
	joinedByClient = "the host's client joins the values of a repeated header by commas"
	lastValue      = "of a name that comes twice, an event holds the last value"
	noUTF8         = "an event is JSON, in which bytes that are not UTF-8 have become U+FFFD"
)

// sentOn is what a case asks for that is refused elsewhere.
const sentOn = `-- endpoint-request --
POST /models/chat/completions?api-version=2024-05-01-preview
Accept: application/json
Api-Key: cherry-is-the-key-of-models
Content-Type: application/json
User-Agent: inference-connector
X-Ms-Client-Request-Id: *

{"model":"m","messages":[{"role":"user","content":"Capital of Peru?"}],"temperature":0.7,"top_p":1,"frequency_penalty":0,"presence_penalty":0}
`

var refusedTwice = refusedFor("InvalidRequest", "extra-parameters", `extra-parameters must be one of error, drop, pass-through, not \"drop, drop\".`)

func refusedFor(code, target, message string) string {
	return strings.NewReplacer("CODE", code, "TARGET", target, "MESSAGE", message).Replace(`-- reply --
400
Content-Type: application/json
X-Content-Type-Options: nosniff
X-Ms-Error-Code: CODE
X-Ms-Request-Id: *

{"error":{"code":"CODE","message":"MESSAGE","target":"TARGET"}}
`)
}

// casesOn returns a folder of the cases as they are on a platform.
func casesOn(t *testing.T, platform string) (folder string) {
	t.Helper()
	folder = t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(caseFolder)); err != nil {
		t.Fatal(err)
	}
	for _, d := range differences {
		path := filepath.Join(folder, d.name+".txtar")
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatalf("%v: the table of differences names a case that is gone", err)
		}
		if !strings.HasPrefix(platform, d.where) {
			continue
		}
		archive.Files = append(archive.Files[:1], txtar.Parse([]byte(d.sections)).Files...)
		if err := os.WriteFile(path, txtar.Format(archive), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}
