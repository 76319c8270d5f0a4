package emulator

import (
	"cmp"
	"net/http"
	"time"
)

func (c Config) chat(f *family) operation {
	return func(w http.ResponseWriter, r *http.Request) error {
		request, err := f.readChat(w, r)
		if err != nil {
			return err
		}
		d, err := f.deployment(f.model(r, request.Model))
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
		if !f.openAI && thinksAloud(version(r)) {
			a = a.aloud()
		}
		u := measure(request, a)
		if request.Stream {
			pause := cmp.Or(d.pause, c.EventDelay, 20*time.Millisecond)
			return writeEvents(r.Context(), w, d, pause, f.chunks(d, a, u, request.StreamOptions.IncludeUsage))
		}
		whole := f.whole(d, a, u)
		if d.cutAfter > 0 {
			return writeHalf(w, whole)
		}
		return writeJSON(w, http.StatusOK, whole)
	}
}

// info answers about the family's first model where none is named.
func (f *family) info(w http.ResponseWriter, r *http.Request) error {
	d, err := f.deployment(cmp.Or(f.model(r, r.URL.Query().Get("model")), theOnly))
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

func listCatalog(w http.ResponseWriter, _ *http.Request) error {
	models := make([]object, len(deployments))
	for i, d := range deployments {
		models[i] = object{"id": "emulator/" + d.name, "name": d.name, "publisher": "emulator", "summary": d.description}
	}
	return writeJSON(w, http.StatusOK, models)
}
