package main_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"inferenceconnector/connector"
	"inferenceconnector/handler/callers"
	"inferenceconnector/handler/emulator"
)

// TestOfficialExamples sends every published example, as a call of every version, through the surface: to an
// endpoint that answers as the example shows, and to the emulator. Answers, and what reaches the endpoint, are
// valid by the version's OpenAPI file, but for the waivers.
func TestOfficialExamples(t *testing.T) {
	files := readOfficial(t)
	o := official{double: newEndpointDouble(t), used: map[waiver]bool{}}
	connections := []*connector.Connection{openTo(t, "double", "http://"+o.double.address+"/models", officialModel, officialModel)}
	model := httptest.NewServer(emulator.Handler(emulator.Config{EventDelay: -1}))
	t.Cleanup(model.Close)
	for _, name := range promptDeployments(emulator.Deployments()) {
		connections = append(connections, openTo(t, name, model.URL+"/models", officialModel, name))
	}
	o.suite = serveSurface(t, o.double, &callers.List{}, connections...)
	examples := readExamples(t)
	for name := range staleExamples {
		if !slices.ContainsFunc(examples, func(e officialExample) bool { return e.name == name }) {
			t.Errorf("there is no example %s", name)
		}
	}
	for _, e := range examples {
		versions := []string{e.version}
		for _, f := range files {
			versions = append(versions, f.version)
		}
		slices.Sort(versions)
		for _, version := range slices.Compact(versions) {
			o.officialFile = newestAt(files, version)
			t.Run(e.name+e.note+" as "+version, func(t *testing.T) { o.testExample(t, e, version) })
		}
	}
	o.checkWaivers(t)
}

// officialModel is the model that the examples name.
const officialModel = "my-model-name"

// promptDeployments leaves out the deployments that take or cut their time.
func promptDeployments(deployments []string) []string {
	return slices.DeleteFunc(deployments, func(name string) bool {
		return slices.Contains([]string{"slow", "hangs", "breaks"}, name)
	})
}

// newestAt returns the file of a version or, as not every preview is here, the newest one before it.
func newestAt(files []officialFile, version string) officialFile {
	found := files[0]
	for _, f := range files {
		if f.version <= version {
			found = f
		}
	}
	return found
}

// official is the surface under examination by one OpenAPI file.
type official struct {
	suite
	officialFile
	double *endpointDouble
	used   map[waiver]bool
}

func (o official) testExample(t *testing.T, e officialExample, version string) {
	if e.OperationID == "GetImageGenerations" { // not built, and not in these versions
		answer := o.send(t, e.request(t, "double", http.MethodPost, "/images/generations", version))
		same(t, "status", answer.line, "404")
		contains(t, "answer", string(answer.body()), "Images are not generated here; call")
		o.check(t, ours, errorResponse, answer.body())
		return
	}
	path, method, operation := o.operation(t, e.OperationID)
	forms := []officialExample{e}
	if stale, ok := staleExamples[e.name]; ok {
		o.testStale(t, e, e.request(t, "double", method, path, version), stale)
		mended := strings.NewReplacer(stale.mend...).Replace(string(e.Parameters["body"]))
		e = e.with(mended, ", mended")
		forms = append(forms, e)
	}
	o.testRelay(t, e, e.request(t, "double", method, path, version), operation)
	for _, name := range promptDeployments(emulator.Deployments()) {
		for _, form := range forms {
			request := form.request(t, name, method, path, version)
			answer := o.send(t, request)
			checkDefined(t, relayed, request, answer)
			if form.note == e.note && name == e.fits() {
				same(t, "status of "+name, answer.line, "200")
			}
			o.checkAnswer(t, emulated, operation, answer)
		}
	}
}

// testStale sends an example that is wrong in itself.
func (o official) testStale(t *testing.T, e officialExample, request *message, stale staleExample) {
	t.Helper()
	o.double.play(e.reply())
	answer := o.send(t, request)
	same(t, "status of a stale example", answer.line, stale.status)
	contains(t, "answer to a stale example", string(answer.body()), stale.says)
	if answer.line == "422" {
		same(t, "calls of the endpoint", len(o.double.arrived(t)), 0)
	}
	o.check(t, ours, errorResponse, answer.body())
}

// testRelay answers an example as it shows.
func (o official) testRelay(t *testing.T, e officialExample, request *message, operation officialOperation) {
	t.Helper()
	o.double.play(e.reply())
	answer := o.send(t, request)
	same(t, "status", answer.line, "200")
	o.checkAnswer(t, relayed, operation, answer)
	arrived := o.double.arrived(t)
	if len(arrived) != 1 {
		t.Fatalf("the endpoint was called %d times", len(arrived))
	}
	o.checkForwarded(t, arrived[0], request, operation)
}
