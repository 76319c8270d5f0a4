package settings_test

import (
	"errors"
	"net/http"
	"testing"

	"inferenceconnector/handler/settings"
)

func TestNothingConfiguredIsTheEmulator(t *testing.T) {
	s := mustLoad(t, "")
	c := only(t, s)
	equal(t, "name", c.Name, "default")
	equal(t, "open", c.Open, true)
	equal(t, "source", s.Source, "nothing configured: the embedded emulator")
	equalList(t, "deployments", deployments(c), []string{"echo", "tools"})
	equalList(t, "endpoints", endpoints(s), []string{"default  serverless 127.0.0.1:8081"})
}

func TestTheEmulatorWithACaller(t *testing.T) {
	s := mustLoad(t, "", "CONNECTOR_CALLER_KEY="+keyA, "CONNECTOR_LISTEN=0.0.0.0:7071")
	equal(t, "open", only(t, s).Open, false)
	_, err := s.Callers.Identify(t.Context(), http.Header{"Api-Key": {keyA}})
	equal(t, "unknown", err, nil)
}

func TestShortForm(t *testing.T) {
	s := mustLoad(t, "", "AZUREAI_ENDPOINT_URL=https://team.services.ai.azure.com/models", "AZUREAI_ENDPOINT_KEY=secret", "CONNECTOR_CALLER_KEY="+keyA)
	c := only(t, s)
	equal(t, "name", c.Name, "default")
	equal(t, "open", c.Open, false)
	equal(t, "source", s.Source, "AZUREAI_ENDPOINT_URL")
	equalList(t, "deployments", deployments(c), nil)
	equalList(t, "endpoints", endpoints(s), []string{"default  ai-services team.services.ai.azure.com"})
	caller, _ := s.Callers.Identify(t.Context(), http.Header{"Api-Key": {keyA}})
	equal(t, "caller", caller.Grants["default"], "default")
}

func TestAFileWinsOverTheShortForm(t *testing.T) {
	s := mustLoad(t, `{"connections":{"file":{"endpoint":"https://file.models.ai.azure.com"}}}`,
		"AZUREAI_ENDPOINT_URL=https://short.models.ai.azure.com", "AZUREAI_ENDPOINT_KEY=secret", "CONNECTOR_CALLER_KEY="+keyA)
	equalList(t, "endpoints", endpoints(s), []string{"file  serverless file.models.ai.azure.com"})
	equal(t, "open", only(t, s).Open, true)
}

func TestTheEmulatorIsNotStartedWithoutNeed(t *testing.T) {
	for name, test := range map[string]struct{ file, variable string }{
		"another endpoint":  {"", "AZUREAI_ENDPOINT_URL=https://short.models.ai.azure.com"},
		"a key without one": {"", "AZUREAI_ENDPOINT_KEY=secret"},
		"a wrong variable":  {"", "CONNECTOR_LISTENS=127.0.0.1:1"},
		"a wrong value":     {"", "CONNECTOR_MAX_CALLS=many"},
		"a file not there":  {"", "CONNECTOR_CONNECTIONS_FILE=other.json"},
		"a broken file":     {"{", "NAME=value"},
		"a file":            {example, "NAME=value"},
	} {
		t.Run(name, func(t *testing.T) {
			started := false
			_, _ = loadWith(t, func() (settings.Emulator, error) {
				started = true
				return emulator()
			}, test.file, test.variable)
			equal(t, "started", started, false)
		})
	}
}

func TestAnEmulatorThatDoesNotStart(t *testing.T) {
	_, err := loadWith(t, func() (settings.Emulator, error) {
		return settings.Emulator{}, errors.New("no port is free")
	}, "")
	equal(t, "complaint", err.Error(), "the emulator did not start: no port is free")
}
