/**
 * What can be set, what it means and what is refused, and the recipe of the learner that is made out of it. Every room above may read it;
 * itself it knows {@code learner.spec} and {@code nn}, whose algorithms describe their settings.
 */
package io.millrace.config;
