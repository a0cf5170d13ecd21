package io.millrace.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import io.javalin.http.ServiceUnavailableResponse;
import io.millrace.avro.Prediction;
import io.millrace.avro.PredictionStatus;
import io.millrace.learner.Model;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.spec.Task;
import io.millrace.topology.record.AnswerEvent;
import io.millrace.topology.serving.LiveModel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Predictions over HTTP: the Open Inference Protocol V2 for REST (KServe), and rows in plain JSON at {@code .../predict}. An answer is the
 * one that the topic has for the same version and request, if the version was alone with that request.
 */
public final class InferenceRoutes implements HttpPart {
    /** Most rows of a request. */
    static final int MAX_ROWS = 1_000;

    private static final String MODEL = "/v2/models/{name}";
    private static final String VERSION = MODEL + "/versions/{version}";

    private final NewestAnswers newest;
    private final AnswerCounts counts;

    /** @param live the model of the serving application */
    public InferenceRoutes(LiveModel live) {
        this(live, AnswerCounts.unseen());
    }

    /**
     * @param live the model of the serving application
     * @param counts receives what is answered
     */
    public InferenceRoutes(LiveModel live, AnswerCounts counts) {
        newest = new NewestAnswers(live);
        this.counts = counts;
    }

    @Override
    public void addTo(JavalinConfig config) {
        RoutesConfig routes = config.routes;
        for (String model : List.of(MODEL, VERSION)) {
            routes.get(model, http -> answer(http, this::metadata));
            routes.get(
                    model + "/ready",
                    http -> answer(http, answers -> {
                        return Json.object().put("name", newest.name()).put("ready", true);
                    }));
            routes.post(model + "/infer", http -> predicted(http, this::infer));
            routes.post(model + "/predict", http -> predicted(http, this::predict));
        }
    }

    private void predicted(Context http, BiFunction<JsonNode, VersionAnswers, ObjectNode> work) {
        long begun = System.nanoTime();
        try {
            JsonNode request = Json.read(http.bodyAsBytes());
            answer(http, answers -> {
                try {
                    return work.apply(request, answers);
                } finally {
                    counts.missed(answers.model().declaration(), answers.missing());
                }
            });
        } catch (BadInputException e) {
            counts.answered(PredictionStatus.BAD_INPUT, 1);
            throw e;
        } catch (ServiceUnavailableResponse e) {
            counts.answered(PredictionStatus.NO_MODEL, 1);
            throw e;
        } finally {
            counts.took(System.nanoTime() - begun);
        }
    }

    private void answer(Context http, Function<VersionAnswers, ObjectNode> work) {
        String name = http.pathParam("name");
        if (!name.equals(newest.name())) {
            throw new NotFoundResponse("There is no model " + Json.shown(name) + "; this server has the model "
                    + Json.shown(newest.name()) + ".");
        }
        String version = http.pathParamMap().get("version");
        Json.answer(http, 200, newest.with(answers -> {
            String served = Long.toString(answers.of().version());
            if (version != null && !version.equals(served)) {
                throw new NotFoundResponse("The version " + Json.shown(version) + " is not served; the newest is "
                        + served + ", and older ones are not kept.");
            }
            return work.apply(answers);
        }));
    }

    static int requireRows(int rows) {
        if (rows < 1 || rows > MAX_ROWS) {
            throw new BadInputException("the request has " + rows + " rows; 1 to " + MAX_ROWS + " are possible");
        }
        return rows;
    }

    private ObjectNode metadata(VersionAnswers answers) {
        ObjectNode metadata = Json.object().put("name", newest.name());
        metadata.putArray("versions").add(Long.toString(answers.of().version()));
        metadata.put("platform", "millrace");
        metadata.set("inputs", answers.inputs().metadata());
        Model model = answers.model();
        ArrayNode outputs = metadata.putArray("outputs");
        tensor(outputs, "scores", "FP32", -1, model.scores());
        if (model.task() == Task.CLASSIFICATION) {
            tensor(outputs, "predictedClass", "INT32", -1);
            tensor(outputs, "className", "BYTES", -1);
        }
        ObjectNode parameters =
                metadata.putObject("parameters").put("task", model.task().name().toLowerCase(Locale.ROOT));
        ArrayNode classes = parameters.putArray("classes");
        model.classes().forEach(classes::add);
        return metadata;
    }

    private static ObjectNode tensor(ArrayNode to, String name, String datatype, int... shape) {
        ObjectNode tensor = to.addObject().put("name", name).put("datatype", datatype);
        ArrayNode sizes = tensor.putArray("shape");
        for (int size : shape) {
            sizes.add(size);
        }
        return tensor;
    }

    /** One bad row refuses the request: tensors have no place for its reason. */
    private ObjectNode infer(JsonNode request, VersionAnswers answers) {
        List<ObjectNode> rows = TensorRequest.rows(request, answers.inputs());
        List<Prediction> predictions = new ArrayList<>();
        for (ObjectNode row : rows) {
            try {
                predictions.add(answers.answer(row));
            } catch (BadInputException e) {
                throw inRow(predictions.size(), e.getMessage());
            }
        }
        ObjectNode answer = Json.object()
                .put("model_name", newest.name())
                .put("model_version", Long.toString(answers.of().version()));
        if (request.path("id").isTextual()) {
            answer.set("id", request.get("id"));
        }
        ArrayNode outputs = answer.putArray("outputs");
        addOutputs(outputs, predictions, answers.model());
        if (request.path("outputs").isArray()) {
            select(outputs, request.get("outputs"));
        }
        counts.answered(PredictionStatus.OK, rows.size());
        return answer;
    }

    private static BadInputException inRow(int row, String reason) {
        return new BadInputException("rows[" + row + "]: " + reason);
    }

    private static void addOutputs(ArrayNode outputs, List<Prediction> predictions, Model model) {
        int rows = predictions.size();
        ArrayNode scores =
                tensor(outputs, "scores", "FP32", rows, model.scores()).putArray("data");
        predictions.forEach(each -> each.getScores().forEach(scores::add));
        if (model.task() == Task.CLASSIFICATION) {
            ArrayNode classes = tensor(outputs, "predictedClass", "INT32", rows).putArray("data");
            predictions.forEach(each -> classes.add(each.getPredictedClass()));
            ArrayNode names = tensor(outputs, "className", "BYTES", rows).putArray("data");
            predictions.forEach(each -> names.add(each.getClassName()));
        }
    }

    private static void select(ArrayNode outputs, JsonNode wanted) {
        Set<String> names = new LinkedHashSet<>();
        wanted.forEach(each -> names.add(each.path("name").asText()));
        Set<String> known = new HashSet<>();
        outputs.forEach(each -> known.add(each.get("name").textValue()));
        for (String name : names) {
            if (!known.contains(name)) {
                throw new BadInputException("the model has no output " + Json.shown(name));
            }
        }
        outputs.removeIf(each -> !names.contains(each.get("name").textValue()));
    }

    /** Each row has an answer as on the topic. If no row can be answered, the request is refused. */
    private ObjectNode predict(JsonNode request, VersionAnswers answers) {
        JsonNode rows = request.path("rows");
        if (!rows.isArray()) {
            throw new BadInputException("the body has no array \"rows\"");
        }
        requireRows(rows.size());
        ObjectNode answer = Json.object()
                .put("model", newest.name())
                .put("modelVersion", answers.of().version());
        ArrayNode predictions = answer.putArray("predictions");
        int answered = 0;
        for (JsonNode row : rows) {
            Prediction prediction = answered(row, answers);
            answered += prediction.getStatus() == PredictionStatus.OK ? 1 : 0;
            add(predictions.addObject(), prediction);
        }
        if (answered == 0) {
            throw inRow(0, predictions.get(0).get("reason").textValue());
        }
        counts.answered(PredictionStatus.OK, answered);
        counts.answered(PredictionStatus.BAD_INPUT, rows.size() - answered);
        return answer;
    }

    private Prediction answered(JsonNode row, VersionAnswers answers) {
        try {
            if (row instanceof ObjectNode object) {
                return answers.answer(object);
            }
            throw new BadInputException("the row is no object, as in {\"amount\": 12.5}");
        } catch (BadInputException e) {
            return AnswerEvent.without(
                            PredictionStatus.BAD_INPUT,
                            newest.name(),
                            answers.of().version(),
                            e.getMessage())
                    .record();
        }
    }

    private static void add(ObjectNode to, Prediction prediction) {
        to.put("status", prediction.getStatus().name());
        ArrayNode scores = to.putArray("scores");
        prediction.getScores().forEach(scores::add);
        if (prediction.getPredictedClass() != null) {
            to.put("predictedClass", prediction.getPredictedClass());
            to.put("className", prediction.getClassName());
        }
        if (prediction.getReason() != null) {
            to.put("reason", prediction.getReason());
        }
    }
}
