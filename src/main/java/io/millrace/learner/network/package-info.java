/** The learner of one network, its versions, and the copies of its weights that it keeps: the best and the last good ones. */
package io.millrace.learner.network;
