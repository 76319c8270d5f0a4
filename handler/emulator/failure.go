package emulator

import (
	"fmt"
	"net/http"
)

// object is a JSON object whose shape is seen best where it is written.
type object = map[string]any

// A failure is an answer of the form {"error":{...}}.
type failure struct {
	status int
	detail object
	header map[string]string
}

func refuse(status int, code, message string) *failure {
	return &failure{status: status, detail: object{"code": code, "message": message}}
}

func (f *failure) Error() string {
	return fmt.Sprintf("%d %v: %v", f.status, f.detail["code"], f.detail["message"])
}

func (f *failure) write(w http.ResponseWriter) error {
	for name, value := range f.header {
		w.Header().Set(name, value)
	}
	return writeJSON(w, f.status, object{"error": f.detail})
}
