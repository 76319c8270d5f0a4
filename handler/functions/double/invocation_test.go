package double_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"inferenceconnector/handler/functions/double"
)

// invocation is what the host sends, with what is new in every run taken out and checked for its form.
func invocation(t *testing.T, text string) (data, metadata map[string]any) {
	t.Helper()
	var said struct{ Data, Metadata map[string]any }
	if err := json.Unmarshal([]byte(text), &said); err != nil {
		t.Fatal(err)
	}
	if sys, ok := said.Metadata["sys"].(map[string]any); ok && sys["RandGuid"] != nil {
		if at, err := time.Parse(time.RFC3339Nano, sys["UtcNow"].(string)); err != nil || at.IsZero() || len(sys["RandGuid"].(string)) != 36 {
			t.Errorf("got the block sys %v", sys)
		}
		delete(sys, "UtcNow")
		delete(sys, "RandGuid")
	}
	for _, name := range []string{"ExpirationTime", "InsertionTime", "NextVisibleTime"} {
		if at, ok := said.Metadata[name].(string); ok && strings.HasSuffix(at, "+00:00") {
			delete(said.Metadata, name)
		}
	}
	if id, ok := said.Metadata["PopReceipt"].(string); ok && strings.HasPrefix(id, `"`) {
		delete(said.Metadata, "PopReceipt")
	}
	return said.Data, said.Metadata
}

func wantJSON(t *testing.T, what string, got any, want string) {
	t.Helper()
	var wanted any
	if err := json.Unmarshal([]byte(want), &wanted); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, wanted) {
		text, _ := json.Marshal(got)
		t.Errorf("%s: got\n%s\nwant\n%s", what, text, want)
	}
}

func TestInvocationsAreRequestsOfTheirOwn(t *testing.T) {
	host, _ := serveEvents(t)
	deliver(t, host, script{})
	got := lastSeen(t, host)
	if got.Line != "POST /worker" || got.Host != host.Address() || len(got.Transfer) != 1 || got.Transfer[0] != "chunked" {
		t.Errorf("got %s for %s, encoded %v, want POST /worker in chunks", got.Line, got.Host, got.Transfer)
	}
	compare(t, got, map[string]string{
		"Content-Type": "application/json; charset=utf-8", "Content-Length": "", "Accept-Encoding": "",
		"User-Agent": "Azure-Functions-Host/" + double.Version, "X-Azure-Functions-Hostversion": double.Version,
	})
	if id := got.Header.Get("X-Azure-Functions-Invocationid"); len(id) != 36 {
		t.Errorf("got invocation id %q", id)
	}
}

func TestQueueMessagesAreEncodedTwice(t *testing.T) {
	host, _ := serveEvents(t)
	sys := `"sys":{"MethodName":"worker"}`
	for name, c := range map[string]struct{ message, data, metadata string }{
		"text":    {`hello <&> "é"`, `{"job":"\"hello <&> \\\"é\\\"\""}`, `{"DequeueCount":"1","Id":"*",` + sys + `}`},
		"a list":  {`[{"Id":1}]`, `{"job":"\"[{\\\"Id\\\":1}]\""}`, `{"DequeueCount":"1","Id":"*",` + sys + `}`},
		"members": {`{"id":5}`, `{"job":"\"{\\\"id\\\":5}\""}`, `{"DequeueCount":"1","Id":"\"5\"",` + sys + `}`},
		"members of all kinds": {
			`{"a":"x","on":true,"n":null,"list":[1],"in":{"b":[1.0]},"dequeuecount":9,"QueueTrigger":"forged"}`,
			`{"job":"\"{\\\"a\\\":\\\"x\\\",\\\"on\\\":true,\\\"n\\\":null,\\\"list\\\":[1],\\\"in\\\":{\\\"b\\\":[1.0]},\\\"dequeuecount\\\":9,\\\"QueueTrigger\\\":\\\"forged\\\"}\""}`,
			`{"DequeueCount":"\"9\"","Id":"*","a":"\"x\"","on":"\"True\"","in":{"b":[1.0]},` + sys + `}`,
		},
		"a forged block": {`{"SYS":"mine"}`, `{"job":"\"{\\\"SYS\\\":\\\"mine\\\"}\""}`, `{"DequeueCount":"1","Id":"*","sys":"\"mine\""}`},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := host.Deliver(t.Context(), "worker", []byte(c.message)); err != nil {
				t.Fatal(err)
			}
			data, metadata := invocation(t, lastSeen(t, host).Body)
			wantJSON(t, "Data", any(data), c.data)
			if id, ok := metadata["Id"].(string); ok && len(id) == 38 {
				metadata["Id"] = "*"
			}
			wantJSON(t, "Metadata", any(metadata), c.metadata)
		})
	}
}

func TestTimers(t *testing.T) {
	host, _ := serveEvents(t)
	for i, pastDue := range []bool{false, true} {
		result, err := host.Tick(t.Context(), "cleanup", pastDue)
		if err != nil || result.Failed || result.Tries != 1 {
			t.Fatalf("got %+v, %v", result, err)
		}
		data, metadata := invocation(t, lastSeen(t, host).Body)
		tick := data["tick"].(map[string]any)
		status := tick["ScheduleStatus"].(map[string]any)
		zoned := strings.HasSuffix(status["Last"].(string), "+00:00")
		if tick["IsPastDue"] != pastDue || zoned != (i > 0) || i == 0 && status["Last"] != "0001-01-01T00:00:00" {
			t.Errorf("firing %d: got %v", i, data)
		}
		wantJSON(t, "Schedule", tick["Schedule"], `{"AdjustForDST":true}`)
		wantJSON(t, "Metadata", any(metadata), `{"sys":{"MethodName":"cleanup"}}`)
	}
	if _, err := host.Tick(t.Context(), "often", false); err != nil {
		t.Fatal(err)
	}
	data, _ := invocation(t, lastSeen(t, host).Body)
	wantJSON(t, "Data", any(data), `{"tick":{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}}`)
	if got := strings.Join(host.Invoked(), " "); got != "cleanup cleanup often" {
		t.Errorf("got the functions %s", got)
	}
}

func TestEventsWithoutAFunction(t *testing.T) {
	host, _ := serveEvents(t)
	if _, err := host.Tick(t.Context(), "worker", false); err == nil {
		t.Error("a queue's function was fired as a timer")
	}
	if _, err := host.Deliver(t.Context(), "cleanup", nil); err == nil {
		t.Error("a timer's function got a message")
	}
}

const orderIdentity = `[{"AuthenticationType":"WebJobsAuthLevel","IsAuthenticated":true,"Actor":null,"BootstrapContext":null,"Claims":[
	{"Issuer":"LOCAL AUTHORITY","OriginalIssuer":"LOCAL AUTHORITY","Properties":{},"Type":"http://schemas.microsoft.com/2017/07/functions/claims/authlevel",
	"Value":"Function","ValueType":"http://www.w3.org/2001/XMLSchema#string"}],"Label":null,"Name":null,
	"NameClaimType":"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name","RoleClaimType":"http://schemas.microsoft.com/ws/2008/06/identity/claims/role"}]`

func TestRequestsAsJSON(t *testing.T) {
	host, address := serveEvents(t)
	header := http.Header{"Content-Type": {"application/json"}, "X-Multi": {"a", "b"}, "Host": {"localhost:7071"}, "User-Agent": {"app"}, "X-Functions-Key": {"k"}, "Accept-Encoding": {"br"}}
	r := request(t, http.MethodPost, address+"/api/orders/7%2F8?dry=1&Dry=2&x=%zz", header, strings.NewReader("{\"qty\": 2, \"x\": {}}\n"))
	if _, err := http.DefaultTransport.RoundTrip(r); err != nil {
		t.Fatal(err)
	}
	got := lastSeen(t, host)
	if got.Line != "POST /order" {
		t.Errorf("got %s, want POST /order", got.Line)
	}
	data, metadata := invocation(t, got.Body)
	wantJSON(t, "Data", any(data), `{"req":{"Url":"http://localhost:7071/api/orders/7%2F8?dry=1&Dry=2&x=%zz","Method":"POST","Query":{"dry":"1,2","x":"%zz"},
		"Headers":{"Content-Type":["application/json"],"Host":["localhost:7071"],"Content-Length":["20"],"X-Multi":["a","b"],"User-Agent":["app"],"X-Functions-Key":["k"],"Accept-Encoding":["br"]},
		"Params":{"id":"7%2F8","line":null},"Identities":`+orderIdentity+`,"Body":"{\"qty\": 2, \"x\": {}}\n"}}`)
	wantJSON(t, "Metadata", any(metadata), `{"dry":"\"1,2\"","id":"\"7%2F8\"","qty":"\"2\"","x":{},"Query":{"dry":"1,2","x":"%zz"},
		"Headers":{"Content-Type":"application/json","Host":"localhost:7071","Content-Length":"20","X-Multi":"a,b","User-Agent":"app","X-Functions-Key":"k","Accept-Encoding":"br"},
		"sys":{"MethodName":"order"}}`)
}

func TestBodiesAsJSON(t *testing.T) {
	host, address := serveEvents(t)
	for name, c := range map[string]struct {
		kind, body string
		want       any // nil for no member at all
	}{
		"none":                  {"text/plain", "", nil},
		"text":                  {"text/plain", "é\n", "é\n"},
		"no type":               {"", "x", "x"},
		"bytes":                 {"Application/Octet-Stream; x=y", "\x00\xff", "AP8="},
		"parts":                 {"multipart/form-data; boundary=b", "--b--", "LS1iLS0="},
		"no UTF-8":              {"application/json", "a\xffb", "a\ufffdb"},
		"a byte-order mark":     {"application/json", "\ufeff{}", "{}"},
		"another one":           {"application/json", "\xff\xfe{\x00}\x00", "{}"},
		"with the bytes turned": {"application/json", "\xfe\xff\x00{\x00}", "{}"},
	} {
		t.Run(name, func(t *testing.T) {
			header := http.Header{"X-Functions-Key": {"k"}}
			if c.kind != "" {
				header.Set("Content-Type", c.kind)
			}
			r := request(t, http.MethodPut, address+"/api/orders/7", header, strings.NewReader(c.body))
			if _, err := http.DefaultTransport.RoundTrip(r); err != nil {
				t.Fatal(err)
			}
			data, _ := invocation(t, lastSeen(t, host).Body)
			got, given := data["req"].(map[string]any)["Body"]
			if got != c.want || given != (c.want != nil) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	r := request(t, http.MethodPut, address+"/api/orders/7", http.Header{"X-Functions-Key": {"k"}}, chunked{strings.NewReader("text")})
	if _, err := http.DefaultTransport.RoundTrip(r); err != nil {
		t.Fatal(err)
	}
	data, _ := invocation(t, lastSeen(t, host).Body)
	if body, given := data["req"].(map[string]any)["Body"]; given {
		t.Errorf("got %q of a body in chunks, want nothing", body)
	}
}
