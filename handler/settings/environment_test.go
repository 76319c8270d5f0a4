package settings_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"inferenceconnector/handler/settings"
)

func TestMistakesInTheEnvironment(t *testing.T) {
	const span, number = " must be a duration such as 30s", " must be a whole number"
	for name, want := range map[string]string{
		"CONNECTOR_LOG_LEVEL=" + hush:                   "CONNECTOR_LOG_LEVEL must be a level: DEBUG, INFO, WARN or ERROR",
		"CONNECTOR_MAX_CALLS=" + hush:                   "CONNECTOR_MAX_CALLS" + number,
		"CONNECTOR_MAX_CALLS=0":                         "CONNECTOR_MAX_CALLS must be greater than 0",
		"CONNECTOR_MAX_BODY_BYTES=1e6":                  "CONNECTOR_MAX_BODY_BYTES" + number,
		"CONNECTOR_MAX_REPLY_BYTES=-1":                  "CONNECTOR_MAX_REPLY_BYTES must be greater than 0",
		"CONNECTOR_MAX_BYTES_IN_FLIGHT=67108863":        "CONNECTOR_MAX_BYTES_IN_FLIGHT must be at least four times CONNECTOR_MAX_BODY_BYTES and CONNECTOR_MAX_REPLY_BYTES",
		"CONNECTOR_MAX_REPLY_BYTES=33554433":            "CONNECTOR_MAX_BYTES_IN_FLIGHT must be at least four times CONNECTOR_MAX_BODY_BYTES and CONNECTOR_MAX_REPLY_BYTES",
		"CONNECTOR_BODY_TIMEOUT=" + hush:                "CONNECTOR_BODY_TIMEOUT" + span,
		"CONNECTOR_TLS_TIMEOUT=5":                       "CONNECTOR_TLS_TIMEOUT" + span,
		"CONNECTOR_DRAIN_TIMEOUT=-1s":                   "CONNECTOR_DRAIN_TIMEOUT must be greater than 0",
		"CONNECTOR_GAP_TIMEOUT=":                        "CONNECTOR_GAP_TIMEOUT" + span,
		"CONNECTOR_CALLER_KEY=" + hush:                  "CONNECTOR_CALLER_KEY must have at least 32 characters; make one with: openssl rand -hex 32",
		"CONNECTOR_CALLER_KEYS=" + hush:                 "CONNECTOR_CALLER_KEYS is not a known setting; see the table of settings in the README",
		"CONNECTOR_LISTEN=7071":                         "CONNECTOR_LISTEN must be an address and a port, such as 127.0.0.1:7071",
		"CONNECTOR_LISTEN=":                             "CONNECTOR_LISTEN must be an address and a port, such as 127.0.0.1:7071",
		"CONNECTOR_LISTEN=127.0.0.1:70000":              "CONNECTOR_LISTEN must be an address and a port, such as 127.0.0.1:7071",
		"CONNECTOR_LISTEN=:7071":                        "CONNECTOR_CALLER_KEY is missing, but CONNECTOR_LISTEN is open to others; set it, or listen on 127.0.0.1",
		"CONNECTOR_LISTEN=0.0.0.0:7071":                 "CONNECTOR_CALLER_KEY is missing, but CONNECTOR_LISTEN is open to others; set it, or listen on 127.0.0.1",
		"CONNECTOR_LISTEN=[::]:7071":                    "CONNECTOR_CALLER_KEY is missing, but CONNECTOR_LISTEN is open to others; set it, or listen on 127.0.0.1",
		"CONNECTOR_EXTRA_CA_FILE=gone.pem":              "CONNECTOR_EXTRA_CA_FILE cannot be read: open gone.pem: no such file or directory",
		"CONNECTOR_EXTRA_CA_FILE=" + os.DevNull:         "CONNECTOR_EXTRA_CA_FILE holds no certificate in PEM form",
		"CONNECTOR_LAMBDA_STREAM=" + hush:               "CONNECTOR_LAMBDA_STREAM must be true or false",
		"CONNECTOR_RATE_LIMIT_SCOPE=shared":             "CONNECTOR_RATE_LIMIT_SCOPE is shared, but CONNECTOR_REDIS_URL is missing",
		"CONNECTOR_REDIS_CLUSTER=true":                  "CONNECTOR_REDIS_URL is missing, though CONNECTOR_REDIS_CLUSTER is set",
		"CONNECTOR_REDIS_CLUSTER=" + hush:               "CONNECTOR_REDIS_CLUSTER must be true or false",
		"CONNECTOR_REDIS_URL=http://" + hush + "@h":     "CONNECTOR_REDIS_URL must be redis://user:password@host:6379, or rediss:// for TLS",
		"CONNECTOR_REDIS_URL=" + hush:                   "CONNECTOR_REDIS_URL must be redis://user:password@host:6379, or rediss:// for TLS",
		"CONNECTOR_REDIS_URL=redis://:" + hush + "@h/x": "CONNECTOR_REDIS_URL must be redis://user:password@host:6379, or rediss:// for TLS",
		"CONNECTOR_RATE_LIMIT_SCOPE=" + hush:            "CONNECTOR_RATE_LIMIT_SCOPE must be shared or process",
		"AZUREAI_ENDPOINT_KEY=" + hush:                  "AZUREAI_ENDPOINT_URL is missing, though AZUREAI_ENDPOINT_KEY is set",
		"AZUREAI_ENDPOINT_URL=http://" + hush:           "AZUREAI_ENDPOINT_URL must begin with https://; egress.allowPlainHttp permits http",
		"AZUREAI_ENDPOINT_URL=https://u:" + hush + "@h": "AZUREAI_ENDPOINT_URL must not hold a user name or password; a key goes into authentication",
	} {
		t.Run(strings.ReplaceAll(name, "/", "|"), func(t *testing.T) {
			equalList(t, "complaints", complaints(t, "", name), []string{want})
		})
	}
	t.Run("key with blanks", func(t *testing.T) {
		got := complaints(t, "", "AZUREAI_ENDPOINT_URL=https://h/models", "AZUREAI_ENDPOINT_KEY="+hush+" ")
		equalList(t, "complaints", got, []string{"AZUREAI_ENDPOINT_KEY has blanks or characters that no key has; copy it again, without line ends"})
	})
}

func TestOnlyLoopbackListenersNeedNoCallers(t *testing.T) {
	const open = `"endpoint":"https://h/models"`
	file := `{"connections":{"open":{` + open + `},"shut":{` + open + `,"callers":[{"name":"x","key":"` + keyA + `"}]}}}`
	for _, address := range []string{"127.0.0.1:0", "127.8.0.1:7071", "localhost:7071", "[::1]:7071"} {
		if _, err := load(t, file, "CONNECTOR_LISTEN="+address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, address := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:7071", "host.example.org:7071"} {
		equalList(t, address, complaints(t, file, "CONNECTOR_LISTEN="+address),
			[]string{"connections.open.callers is missing, but CONNECTOR_LISTEN is open to others; set it, or listen on 127.0.0.1"})
	}
}

func TestVariablesAreListedForTheReadme(t *testing.T) {
	var names []string
	for _, v := range settings.Variables() {
		names = append(names, v.Name)
		if v.Description == "" {
			t.Errorf("%s has no description", v.Name)
		}
		if strings.HasPrefix(v.Name, "CONNECTOR_") { // every name that is listed is one that is read
			if _, err := load(t, "", v.Name+"="+v.Default); err != nil && strings.Contains(err.Error(), "not a known setting") {
				t.Error(err)
			}
		}
	}
	for _, name := range []string{"AZUREAI_ENDPOINT_URL", "AZUREAI_ENDPOINT_KEY", "CONNECTOR_LISTEN", "CONNECTOR_EXTRA_CA_FILE", "CONNECTOR_TLS_TIMEOUT"} {
		if !slices.Contains(names, name) {
			t.Errorf("%s is not among %v", name, names)
		}
	}
}
