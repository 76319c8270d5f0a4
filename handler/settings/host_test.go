package settings_test

import (
	"testing"
	"time"

	"inferenceconnector/handler/settings"
	"inferenceconnector/schema"
)

const (
	noScope   = "CONNECTOR_RATE_LIMIT_SCOPE is missing; process says in so many words that the limit holds for each instance, not for all; with CONNECTOR_REDIS_URL it holds for all"
	noCallers = "connections.a.callers is missing, and nobody else checks who calls; set it, or auth.trustPlatform"
)

func TestHostsOfOthersNeedMore(t *testing.T) {
	const connection = `"connections":{"a":{"endpoint":"https://h/models"`
	for name, test := range map[string]struct {
		file        string
		environment []string
		want        []string
	}{
		"nothing": {"", nil, []string{noScope, "AZUREAI_ENDPOINT_URL is missing; name a model endpoint, or package a connections file",
			"CONNECTOR_CALLER_KEY is missing, and nobody else checks who calls; set it, or auth.trustPlatform"}},
		"no callers":       {`{` + connection + `}}}`, nil, []string{noScope, noCallers}},
		"a scope":          {`{` + connection + `}}}`, []string{"CONNECTOR_RATE_LIMIT_SCOPE=process"}, []string{noCallers}},
		"callers":          {`{` + connection + `,"callers":[{"name":"x","key":"` + keyA + `"}]}}}`, nil, []string{noScope}},
		"trust":            {`{"auth":{"trustPlatform":true},` + connection + `}}}`, nil, []string{noScope}},
		"trust in nothing": {`{"auth":{"trustPlatform":"yes"},` + connection + `}}}`, nil, []string{noScope, "auth.trustPlatform must be true or false"}},
	} {
		for _, host := range []settings.Host{settings.Functions, settings.Lambda} {
			t.Run(string(host)+" "+name, func(t *testing.T) {
				_, _ = load(t, test.file, test.environment...) // for the working directory and the environment
				equalList(t, "complaints", problemsFor(t, host), test.want)
			})
		}
	}
}

func TestWhatIsEnoughForHostsOfOthers(t *testing.T) {
	for name, file := range map[string]string{
		"callers": `{"connections":{"a":{"endpoint":"https://h/models","callers":[{"name":"x","key":"` + keyA + `"}]}}}`,
		"trust":   `{"auth":{"trustPlatform":true},"connections":{"a":{"endpoint":"https://h/models"}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			_ = mustLoad(t, file, "CONNECTOR_RATE_LIMIT_SCOPE=process")
			for host, stream := range map[settings.Host]time.Duration{settings.Functions: 220 * time.Second, settings.Lambda: 900 * time.Second} {
				s := mustLoadFor(t, host)
				equal(t, "trust", s.TrustPlatform, name == "trust")
				equal(t, "open to everyone", only(t, s).Open, false)
				equal(t, "longest stream on "+string(host), s.StreamTimeout, stream)
			}
			t.Setenv("CONNECTOR_STREAM_TIMEOUT", "100s")
			equal(t, "longest stream, as set", mustLoadFor(t, settings.Functions).StreamTimeout, 100*time.Second)
		})
	}
}

// mustLoadFor reads the settings of an earlier load once more.
func mustLoadFor(t testing.TB, host settings.Host) *settings.Settings {
	t.Helper()
	actions, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	s, err := settings.Load(host, actions, emulator)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// problemsFor is what another host has to complain about in the settings of an earlier load.
func problemsFor(t testing.TB, host settings.Host) settings.Problems {
	t.Helper()
	actions, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	_, err = settings.Load(host, actions, emulator)
	problems, _ := err.(settings.Problems)
	return problems
}

// R10: what is said decides, and no host makes less of it.
func TestScopeOfTheLimit(t *testing.T) {
	const (
		file = `{"connections":{"a":{"endpoint":"https://h/models","callers":[{"name":"x","key":"` + keyA + `"}]}}}`
		url  = "CONNECTOR_REDIS_URL=rediss://user:" + hush + "@redis.example:6380"
	)
	for name, test := range map[string]struct {
		environment []string
		complaint   string
		scope       string
		shared      bool
	}{
		"nothing":            {nil, "", "process", false},
		"process":            {[]string{"CONNECTOR_RATE_LIMIT_SCOPE=process"}, "", "process", false},
		"Redis":              {[]string{url}, "", "shared", true},
		"Redis and shared":   {[]string{url, "CONNECTOR_RATE_LIMIT_SCOPE=shared"}, "", "shared", true},
		"Redis cluster":      {[]string{url, "CONNECTOR_REDIS_CLUSTER=true"}, "", "shared", true},
		"shared without":     {[]string{"CONNECTOR_RATE_LIMIT_SCOPE=shared"}, "CONNECTOR_RATE_LIMIT_SCOPE is shared, but CONNECTOR_REDIS_URL is missing", "", false},
		"process with Redis": {[]string{url, "CONNECTOR_RATE_LIMIT_SCOPE=process"}, "CONNECTOR_RATE_LIMIT_SCOPE is process, but with CONNECTOR_REDIS_URL the limit is shared; leave one of them out", "", false},
	} {
		for _, host := range []settings.Host{settings.Standalone, settings.Functions, settings.Lambda} {
			t.Run(string(host)+" "+name, func(t *testing.T) {
				_, _ = load(t, file, test.environment...) // for the working directory and the environment
				s, err := settings.Load(host, nil, emulator)
				want := test.complaint
				if name == "nothing" && host != settings.Standalone {
					want = noScope
				}
				if want != "" {
					problems, _ := err.(settings.Problems)
					equalList(t, "complaints", problems, []string{want})
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				equal(t, "scope", s.RateLimitScope, test.scope)
				equal(t, "shared", s.Redis != nil, test.shared)
				if test.shared {
					equal(t, "cluster", s.Redis.Cluster, name == "Redis cluster")
					equal(t, "URL", "CONNECTOR_REDIS_URL="+s.Redis.URL.Reveal(), url)
				}
			})
		}
	}
}
