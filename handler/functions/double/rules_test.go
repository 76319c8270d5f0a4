package double_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"inferenceconnector/handler/functions/double"
)

func TestStartRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file, text string
		settings   []string
	}{
		"no schedule":             {"cleanup/function.json", bound(timerInput("")), nil},
		"four fields":             {"cleanup/function.json", bound(timerInput("0 * * *")), nil},
		"seven fields":            {"cleanup/function.json", bound(timerInput("0 0 0 * * * *")), nil},
		"a minute too many":       {"cleanup/function.json", bound(timerInput("0 60 * * * *")), nil},
		"a month of no name":      {"cleanup/function.json", bound(timerInput("0 0 0 1 foo *")), nil},
		"a step of nothing":       {"cleanup/function.json", bound(timerInput("0 */0 * * * *")), nil},
		"a question mark":         {"cleanup/function.json", bound(timerInput("0 0 0 ? * *")), nil},
		"the last day":            {"cleanup/function.json", bound(timerInput("0 0 0 L * *")), nil},
		"a word":                  {"cleanup/function.json", bound(timerInput("@daily")), nil},
		"a setting that is unset": {"cleanup/function.json", bound(timerInput("%WHEN%")), nil},
		"a schedule of a setting": {"cleanup/function.json", bound(timerInput("%WHEN%")), []string{"WHEN=soon"}},
		"a queue's name":          {"worker/function.json", bound(strings.Replace(queueInput, "requests", "Requests", 1)), nil},
		"a long queue's name":     {"worker/function.json", bound(queueInput, "result"), []string{"RESULTS=" + strings.Repeat("q", 64)}},
		"no connection":           {"worker/function.json", bound(strings.Replace(queueInput, "Storage", "Elsewhere", 1)), nil},
	} {
		t.Run(name, func(t *testing.T) {
			root := folder(t, with(events(), map[string]string{c.file: c.text}))
			if _, err := start(t, root, double.Options{Settings: eventSettings(c.settings...)}); err == nil {
				t.Error("got no error")
			}
		})
	}
}

func TestStartAccepts(t *testing.T) {
	t.Parallel()
	for _, schedule := range []string{"0 */5 * * * *", "0 7 * * 1-5", "0 0 7,19 1-31/2 jan-Dec mon,Sunday", "00:05:00", "%WHEN%"} {
		files := with(events(), map[string]string{"cleanup/function.json": bound(timerInput(schedule))})
		settings := eventSettings("WHEN=0 0 7 * * 1-5")
		delete(settings, "AzureWebJobsStorage")
		settings["AzureWebJobsStorage__accountName"] = "account"
		if _, err := start(t, folder(t, files), double.Options{Settings: settings}); err != nil {
			t.Errorf("%s: %v", schedule, err)
		}
	}
}

func TestRequestsThatReachNoFunction(t *testing.T) {
	files := with(usual(), map[string]string{
		"host.json":          strings.Replace(hostJSON, `"2.0"`, `"2.0","extensions":{"http":{"routePrefix":""}}`, 1),
		"Off/function.json":  `{"disabled":true,` + trigger(`,"authLevel":"anonymous","route":"shop/off"`)[1:],
		"Rest/function.json": trigger(`,"authLevel":"anonymous","route":"rest/{a}/{b?}","methods":["get"]`),
	})
	settings := map[string]string{"AzureWebJobsDisableHomepage": "true", "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT": "4"}
	_, address := serveFiles(t, files, double.Options{Settings: settings, Key: "k"})
	for line, want := range map[string]int{
		"GET /shop/off": 404, "GET /admin/x": 404, "GET /Runtime": 404, "PUT /shop/orders?code=k": 404, "POST /shop/orders": 401,
		"GET /": 204, "GET /rest": 404, "GET /rest/x/y/z": 404, "POST /rest/x": 404, "GET /rest/" + strings.Repeat("x", 8192): 414,
		"POST /shop/orders?code=k 12345": 413,
	} {
		method, target, _ := strings.Cut(line, " ")
		target, body, _ := strings.Cut(target, " ")
		reply, err := http.DefaultTransport.RoundTrip(request(t, method, address+target, nil, strings.NewReader(body)))
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(reply.Body)
		_ = reply.Body.Close()
		if reply.StatusCode != want || len(text) > 0 {
			t.Errorf("%.40s: got %d %q, want %d and nothing", line, reply.StatusCode, text, want)
		}
	}
}

func TestRedirectsOfPlainFunctionsAreTheCallers(t *testing.T) {
	for _, old := range []bool{false, true} {
		_, address := serve(t, double.Options{Old: old})
		reply, err := http.DefaultTransport.RoundTrip(request(t, http.MethodGet, address+"/api/away", nil, nil))
		if err != nil || reply.StatusCode != http.StatusFound {
			t.Fatalf("got %v (%v), want 302", reply, err)
		}
		_ = reply.Body.Close()
	}
}

func TestModes(t *testing.T) {
	t.Parallel()
	none := strings.NewReplacer(`"enableForwardingHttpRequest":true,"enableProxyingHttpRequest":true`, `"enableForwardingHttpRequest":false`).Replace(hostJSON)
	proxying := strings.Replace(hostJSON, `"enableForwardingHttpRequest":true,`, "", 1)
	for name, c := range map[string]struct {
		host string
		old  bool
		want string
	}{
		"both":                     {hostJSON, false, "proxied"},
		"both, an old host":        {hostJSON, true, "forwarded"},
		"proxying":                 {proxying, false, "proxied"},
		"proxying, an old host":    {proxying, true, "invoked"},
		"neither":                  {none, false, "invoked"},
		"more than HTTP, and both": {"", false, "invoked"},
	} {
		t.Run(name, func(t *testing.T) {
			files := with(usual(), map[string]string{"host.json": c.host})
			path := "/api/x"
			if c.host == "" {
				files = with(events(), map[string]string{"host.json": strings.Replace(eventsJSON, `"handler"}`, `"handler"},"enableForwardingHttpRequest":true,"enableProxyingHttpRequest":true`, 1)})
				path = "/api/orders/7?code=k"
			}
			host, address := serveFiles(t, files, double.Options{Old: c.old, Key: "k", Settings: eventSettings()})
			reply, err := http.DefaultTransport.RoundTrip(request(t, http.MethodGet, address+path, nil, nil))
			if err != nil {
				t.Fatal(err)
			}
			defer reply.Body.Close()
			text, _ := io.ReadAll(reply.Body)
			got := "forwarded"
			switch {
			case strings.Contains(string(text), "X-Ms-Invocation-Id"):
				got = "proxied"
			case len(text) == 0 && lastSeen(t, host).Line != "":
				got = "invoked"
			}
			if got != c.want {
				t.Errorf("got %s, want %s: %s", got, c.want, text)
			}
		})
	}
}

func TestProxyWaitsForBytes(t *testing.T) {
	t.Parallel()
	_, address := serve(t, double.Options{Idle: 500 * time.Millisecond, Timeout: time.Millisecond}) // which is for the others
	reply, err := http.DefaultTransport.RoundTrip(request(t, http.MethodGet, address+"/api/hang", nil, nil))
	if err != nil || reply.StatusCode != http.StatusGatewayTimeout {
		t.Fatalf("got %v (%v), want 504", reply, err)
	}
	_ = reply.Body.Close()
	for path, want := range map[string]string{"/api/stall": "begun", "/api/drip": "....."} {
		reply, err := http.DefaultTransport.RoundTrip(request(t, http.MethodGet, address+path, nil, nil))
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(reply.Body)
		_ = reply.Body.Close()
		if string(text) != want || (err == nil) != (path == "/api/drip") {
			t.Errorf("%s: got %q (%v), want %q, and the end only where bytes moved", path, text, err, want)
		}
	}
}

func TestProxyTriesAgainToConnect(t *testing.T) {
	t.Parallel()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(free.Addr().String())
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	files := with(usual(), map[string]string{"host.json": strings.Replace(hostJSON, `"customHandler":{`, `"customHandler":{"port":`+port+`,`, 1)})
	_, address := serveFiles(t, files, double.Options{})
	if reply, err := http.Get(address + "/api/end"); err != nil || reply.StatusCode != http.StatusBadGateway {
		t.Fatalf("got %v (%v), want 502", reply, err)
	}
	late := make(chan *http.Server)
	go func() {
		time.Sleep(400 * time.Millisecond)
		server := &http.Server{Addr: "127.0.0.1:" + port, Handler: http.HandlerFunc(answer)}
		go func() { _ = server.ListenAndServe() }() // ends with the test
		late <- server
	}()
	got := ask(t, http.MethodPost, address+"/api/x", nil, bytes.NewBufferString("the body is still there"))
	if got.Body != "the body is still there" {
		t.Errorf("got the body %q", got.Body)
	}
	_ = (<-late).Shutdown(context.Background())
}
