package main_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// connections is a connections file and the secrets in it.
type connections struct {
	text    string
	secrets []string
}

func readConnections(t *testing.T, folder string, endpoint *endpointDouble) (c connections) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, "connections.template.json"))
	if err != nil {
		t.Fatal(err)
	}
	c.text = endpoint.expand(string(text))
	var file struct {
		Connections map[string]struct {
			Authentication struct{ Value string }
			Callers        []struct{ Key any }
			Deployments    map[string]struct{ Authentication struct{ Value string } }
		}
	}
	if err := json.Unmarshal([]byte(c.text), &file); err != nil {
		t.Fatal(err)
	}
	for _, connection := range file.Connections {
		c.add(connection.Authentication.Value)
		for _, caller := range connection.Callers {
			c.add(caller.Key)
		}
		for _, deployment := range connection.Deployments {
			c.add(deployment.Authentication.Value)
		}
	}
	return c
}

// add adds a key, or a list of keys.
func (c *connections) add(key any) {
	switch key := key.(type) {
	case string:
		if key != "" {
			c.secrets = append(c.secrets, key)
		}
	case []any:
		for _, one := range key {
			c.add(one)
		}
	}
}
