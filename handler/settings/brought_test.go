package settings_test

import (
	"net/http"
	"testing"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/handler/settings"
)

func TestBrought(t *testing.T) {
	s := mustLoad(t, `{"byo":{
		"zeta":{"allowHosts":["*.models.ai.azure.com","h.example.org:8443"]},
		"alpha":{"displayName":"Ours","allowHosts":["*.openai.azure.com"],"callers":[{"name":"x","key":"`+keyA+`"}],
			"rateLimit":{"calls":5,"renewalPeriod":10},"egress":{"allowCidrs":["10.0.0.0/8"]}}}}`)
	zeta, alpha := s.Connections[0], s.Connections[1]
	equal(t, "first name", zeta.Name, "zeta")
	equal(t, "display name", zeta.DisplayName, "zeta")
	equal(t, "open", zeta.Open, true)
	equal(t, "calls", zeta.Calls, 100)
	equal(t, "period", zeta.RenewalPeriod, time.Minute)
	equal(t, "second name", alpha.Name, "alpha")
	equal(t, "its display name", alpha.DisplayName, "Ours")
	equal(t, "is open", alpha.Open, false)
	equal(t, "its calls", alpha.Calls, 5)
	equal(t, "its period", alpha.RenewalPeriod, 10*time.Second)
	caller, _ := s.Callers.Identify(t.Context(), http.Header{"Api-Key": {keyA}})
	equal(t, "its caller", caller.Grants["alpha"], "x")
	equalList(t, "allowed", s.Brought[0].AllowHosts, []string{"*.models.ai.azure.com", "h.example.org:8443"})
	equal(t, "endpoints", len(s.Endpoints), 0)
}

// Calls are counted for each endpoint and key, however the address is spelt.
func TestWindowsOfBrought(t *testing.T) {
	bring := only(t, mustLoad(t, `{"byo":{"any":{"allowHosts":["*.models.ai.azure.com"]}}}`)).Bring
	window := func(url, key string) string {
		t.Helper()
		target, err := bring(url, connector.NewSecret(key))
		if err != nil {
			t.Fatal(err)
		}
		return target.Window
	}
	first := window("https://one.models.ai.azure.com", keyA)
	equal(t, "the same in another spelling", window("https://ONE.models.ai.azure.com:443/chat/completions", keyA), first)
	equal(t, "another key has the same", window("https://one.models.ai.azure.com", keyB) == first, false)
	equal(t, "another endpoint has the same", window("https://two.models.ai.azure.com", keyA) == first, false)
	if _, err := bring("https://one.openai.azure.com", connector.NewSecret(keyA)); err == nil {
		t.Error("got no error for a host that is not allowed")
	}
}

// A brought connection needs no callers anywhere; those beside it need theirs as ever.
func TestBroughtNeedsNoCallers(t *testing.T) {
	const brought = `"byo":{"any":{"allowHosts":["*.models.ai.azure.com"]}}`
	for _, host := range []settings.Host{settings.Standalone, settings.Functions, settings.Lambda} {
		_ = mustLoad(t, `{`+brought+`}`, "CONNECTOR_RATE_LIMIT_SCOPE=process", "CONNECTOR_LISTEN=0.0.0.0:7071")
		equal(t, "open on "+string(host), only(t, mustLoadFor(t, host)).Open, true)
	}
	got := complaints(t, `{"connections":{"a":{"endpoint":"https://h/models"}},`+brought+`}`, "CONNECTOR_LISTEN=0.0.0.0:7071")
	equalList(t, "beside another", got, []string{
		"connections.a.callers is missing, but CONNECTOR_LISTEN is open to others; set it, or listen on 127.0.0.1"})
}

func TestMistakesInBrought(t *testing.T) {
	const pattern = ` must be a host name, or *. and a domain of two names or more such as *.services.ai.azure.com, with a port if that is not 443 and nothing else`
	for name, test := range map[string]struct{ brought, want string }{
		"no object":      {`[]`, `byo.b must be an object`},
		"no hosts":       {`{}`, `byo.b.allowHosts is missing; list the hosts that callers may bring, such as *.services.ai.azure.com`},
		"hosts no list":  {`{"allowHosts":"*.openai.azure.com"}`, `byo.b.allowHosts must be a list`},
		"hosts empty":    {`{"allowHosts":[]}`, `byo.b.allowHosts must have at least 1 item`},
		"host no text":   {`{"allowHosts":[7]}`, `byo.b.allowHosts[0] must be a text`},
		"all hosts":      {`{"allowHosts":["h.example.org","*"]}`, `byo.b.allowHosts[1]` + pattern},
		"top level":      {`{"allowHosts":["*.com"]}`, `byo.b.allowHosts[0]` + pattern},
		"a URL":          {`{"allowHosts":["https://` + hush + `/"]}`, `byo.b.allowHosts[0]` + pattern},
		"an endpoint":    {`{"allowHosts":["h.example.org"],"endpoint":"https://` + hush + `"}`, `byo.b.endpoint is not a known name here; known here: allowHosts, callers, displayName, egress, rateLimit`},
		"plain http":     {`{"allowHosts":["h.example.org"],"egress":{"allowPlainHttp":true}}`, `byo.b.egress.allowPlainHttp is not a known name here; known here: allowCidrs`},
		"range":          {`{"allowHosts":["h.example.org"],"egress":{"allowCidrs":["10.0.0.0/8","10.0.0.1"]}}`, `byo.b.egress.allowCidrs[1] must be a range such as 10.1.0.0/16, or 10.1.0.5/32 for one address`},
		"limit":          {`{"allowHosts":["h.example.org"],"rateLimit":{"calls":-1}}`, `byo.b.rateLimit.calls must be between 1 and 1000000`},
		"callers":        {`{"allowHosts":["h.example.org"],"callers":[{"name":"x","key":"` + hush + `"}]}`, `byo.b.callers[0].key must have at least 32 characters; make one with: openssl rand -hex 32`},
		"hosts, callers": {`{"callers":[{"name":"x","key":"` + hush + `"}],"allowHosts":["*.com"]}`, "byo.b.callers[0].key must have at least 32 characters; make one with: openssl rand -hex 32\nbyo.b.allowHosts[0]" + pattern},
	} {
		t.Run(name, func(t *testing.T) {
			equalList(t, "complaints", complaints(t, `{"byo":{"b":`+test.brought+`}}`), lines(test.want))
		})
	}
	t.Run("name", func(t *testing.T) {
		got := complaints(t, `{"byo":{"A B":{"allowHosts":["*.com"]},"a":{"allowHosts":["h.example.org"]}},"connections":{"a":{"endpoint":"https://h/models"}}}`)
		equalList(t, "complaints", got, []string{
			`byo.A B must be a name of lower-case letters, digits and hyphens, at most 63`, `byo.A B.allowHosts[0]` + pattern,
			`byo.a is also the name of a connection; rename one`})
	})
}
