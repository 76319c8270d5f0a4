package double

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
)

// metadata is what the host tells beside the data. Names differ in more than letter case.
type metadata struct{ values map[string]any }

// newMetadata begins with what every invocation has.
func newMetadata(function string) metadata {
	return metadata{map[string]any{"sys": map[string]any{
		"MethodName": function, "UtcNow": time.Now().UTC().Format("2006-01-02T15:04:05.0000000Z"), "RandGuid": newID(),
	}}}
}

// set puts a value in the place of one of the same name, whose spelling stays. Nothing is told twice, so that
// triggers are left out, and null is not told.
func (m metadata) set(name string, value any) {
	for known := range m.values {
		if strings.EqualFold(known, name) {
			name = known
		}
	}
	delete(m.values, name)
	if value != nil && !strings.HasSuffix(strings.ToLower(name), "trigger") {
		m.values[name] = value
	}
}

// setScalar sets a value that is no object: its JSON text, as a string.
func (m metadata) setScalar(name string, value any) error {
	text, err := doubled(value)
	m.set(name, text)
	return err
}

// doubled returns the JSON text of a value, which is sent as a string.
func doubled(value any) (string, error) {
	text, err := encode(value)
	return string(text), err
}

// overwrite puts the members of a sender's JSON object into the metadata, in the place of what is true. Arrays
// are left out.
func (m metadata) overwrite(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var members map[string]any
	if !json.Valid(text) || d.Decode(&members) != nil {
		return nil // no object
	}
	for name, value := range members {
		switch value := value.(type) {
		case []any, nil:
		case map[string]any:
			m.set(name, value)
		default:
			text, err := scalarText(value)
			if err != nil {
				return err
			}
			if err := m.setScalar(name, text); err != nil {
				return err
			}
		}
	}
	return nil
}

// offset writes a time as the host does, with a zone.
func offset(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.9999999+00:00") }
