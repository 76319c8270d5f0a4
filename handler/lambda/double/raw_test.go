package double_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// rawPrograms speak to the Runtime API themselves: they do what the client library never does.
var rawPrograms = map[string]func(api string){
	"posts":   posts,
	"lingers": func(api string) { id, _ := next(api); post(api, id+"/response", nil, `"well"`); time.Sleep(time.Hour) },
	"skips": func(api string) {
		id, _ := next(api)
		_, status := next(api)
		post(api, id+"/response", nil, strconv.Itoa(status))
		next(api)
	},
	"extends": extends,
}

// posts posts what each event says, and then what the status of that was.
func posts(api string) {
	status := 0
	for {
		id, event := nextEvent(api)
		var order struct {
			Path, Body string
			Header     map[string]string
		}
		_ = json.Unmarshal(event, &order)
		switch order.Path {
		case "status":
			post(api, id+"/response", nil, strconv.Itoa(status))
		case "twice":
			post(api, id+"/response", nil, `"first"`)
			status = post(api, id+"/response", nil, `"second"`)
		case "other":
			status = post(api, "another-id/response", nil, "1")
			post(api, id+"/response", nil, `"late"`)
		default:
			status = post(api, id+"/"+order.Path, order.Header, order.Body)
		}
	}
}

// extends answers with the statuses of its calls of the Extensions API, some of which it makes too late.
func extends(api string) {
	const base = "/2020-01-01/extension/"
	var statuses []string
	call := func(method, path string, header map[string]string, body string) {
		statuses = append(statuses, strconv.Itoa(do(method, api+base+path, header, body).StatusCode))
	}
	call("POST", "register", nil, `{"events":null}`)
	call("POST", "register", map[string]string{"Lambda-Extension-Name": "e"}, `{"events":["SHUTDOWN"]}`)
	call("POST", "register", map[string]string{"Lambda-Extension-Name": "e"}, `events`)
	call("GET", "event/next", map[string]string{"Lambda-Extension-Identifier": "e"}, "")
	id, _ := next(api)
	call("POST", "register", map[string]string{"Lambda-Extension-Name": "e"}, `{"events":null}`)
	post(api, id+"/response", nil, `"`+strings.Join(statuses, " ")+`"`)
	next(api)
}

const runtimeAPI = "/2018-06-01/runtime/invocation/"

func next(api string) (id string, status int) {
	answer := do("GET", api+runtimeAPI+"next", nil, "")
	return answer.Header.Get("Lambda-Runtime-Aws-Request-Id"), answer.StatusCode
}

func nextEvent(api string) (id string, event []byte) {
	answer := do("GET", api+runtimeAPI+"next", nil, "")
	event, _ = io.ReadAll(answer.Body)
	return answer.Header.Get("Lambda-Runtime-Aws-Request-Id"), event
}

func post(api, path string, header map[string]string, body string) (status int) {
	return do("POST", api+runtimeAPI+path, header, body).StatusCode
}

func do(method, url string, header map[string]string, body string) *http.Response {
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	r.Header.Set("Content-Type", "application/json")
	for name, value := range header {
		r.Header.Set(name, value)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		panic(fmt.Sprint("the Runtime API is gone: ", err))
	}
	return answer
}
