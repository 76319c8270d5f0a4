package double

import (
	"encoding/json"
	"net/http"
)

const extensionID = "Lambda-Extension-Identifier"

// register takes an extension that runs in the program, which cannot ask for SHUTDOWN events. That it is
// registered is what makes the platform warn the program before its end.
func (e *environment) register(w http.ResponseWriter, r *http.Request) {
	var request struct{ Events []string }
	err := json.NewDecoder(r.Body).Decode(&request)
	switch {
	case r.Header.Get("Lambda-Extension-Name") == "":
		refuseProgram(w, http.StatusForbidden, "Extension.InvalidExtensionName", "Empty extension name")
		return
	case err != nil:
		refuseProgram(w, http.StatusForbidden, "InvalidRequestFormat", err.Error())
		return
	case len(request.Events) > 0:
		refuseProgram(w, http.StatusForbidden, "Extension.InvalidEventType", "this double knows extensions without events")
		return
	}
	id := newID()
	e.mu.Lock()
	open := !e.waiting && len(e.running) == 0
	if open {
		e.extensions[id] = false
	}
	e.mu.Unlock()
	if !open {
		refuseProgram(w, http.StatusForbidden, "Extension.RegistrationClosed", "Extension registration closed already")
		return
	}
	w.Header().Set(extensionID, id)
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{"functionName": e.Name, "functionVersion": version, "handler": handlerName})
}

// nextEvent never answers: the extension asked for no events. It says that the extension is ready.
func (e *environment) nextEvent(w http.ResponseWriter, r *http.Request) {
	id := r.Header.Get(extensionID)
	e.mu.Lock()
	_, known := e.extensions[id]
	if known {
		e.extensions[id] = true
	}
	e.mu.Unlock()
	if !known {
		refuseProgram(w, http.StatusForbidden, "Extension.UnknownExtensionIdentifier", "Unknown extension "+id)
		return
	}
	e.rest()
	select {
	case <-e.exited:
	case <-r.Context().Done():
	}
}
