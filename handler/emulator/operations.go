package emulator

import (
	"cmp"
	"net/http"
	"time"
)

func (c Config) chat(s shape) operation {
	return func(w http.ResponseWriter, r *http.Request) error {
		request, err := readChat(w, r)
		if err != nil {
			return err
		}
		d, err := s.deployment(r, request.Model)
		if err != nil {
			return err
		}
		a, err := d.reply(request)
		if err != nil {
			return err
		}
		if err := wait(r.Context(), d.silence); err != nil {
			return err
		}
		u := measure(request, a)
		if request.Stream {
			pause := cmp.Or(d.pause, c.EventDelay, 20*time.Millisecond)
			chunks := newCompletion(d, "chat.completion.chunk").chunks(a, u, request.StreamOptions.IncludeUsage)
			return writeEvents(r.Context(), w, d, pause, chunks)
		}
		whole := newCompletion(d, "chat.completion").whole(a, u)
		if d.cutAfter > 0 {
			return writeHalf(w, whole)
		}
		return writeJSON(w, http.StatusOK, whole)
	}
}

func modelInfo(w http.ResponseWriter, r *http.Request) error {
	named := shape{fallback: "echo"} // to ask about no model in particular is no error in any shape
	d, err := named.deployment(r, r.URL.Query().Get("model"))
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, object{
		"model_name":          "emulator/" + d.name,
		"model_type":          "chat-completion",
		"model_provider_name": "emulator",
	})
}

func listModels(w http.ResponseWriter, _ *http.Request) error {
	models := make([]object, len(deployments))
	for i, d := range deployments {
		models[i] = object{"id": d.name, "object": "model", "created": 0, "owned_by": "emulator", "description": d.description}
	}
	return writeJSON(w, http.StatusOK, object{"object": "list", "data": models})
}
